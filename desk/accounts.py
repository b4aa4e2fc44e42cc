"""Accounts: the admin's page of all people, and everybody's own. Every change stands in the audit log."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.datastructures import FormData
from starlette.responses import Response

from desk.errors import NotThere, Wrong
from desk.page import Here, Page
from desk.passwords import objection
from desk.services import Services, Wired
from desk.sign_in import proved
from desk.translation import LANGUAGES
from desk.visit import Admin, Clerk, Form, Visit
from desk.words import N_
from records.people import Person, Role
from storage import audit, people
from storage.database import Transaction

router = APIRouter(include_in_schema=False)

ROLE = N_("Choose a role.")
LANGUAGE = N_("Choose a language.")
OTHER = N_("The two passwords differ.")
OLD = N_("The present password is wrong.")


@router.get("/accounts")
def show(page: Here, visit: Admin) -> Response:
    """List all people."""
    return _list(page, visit)


@router.post("/accounts")
def add(page: Here, wired: Wired, visit: Admin, posted: Form) -> Response:
    """Make an account."""
    login, password = _text(posted, "login"), _text(posted, "password")
    try:
        role, hashed = _role(posted), _hashed(wired, password, login, posted)
        work = partial(
            people.add, login=login, name=_text(posted, "name"), role=role, language=wired.settings.desk.language,
            password=hashed, at=wired.now(),
        )  # fmt: skip
        _note(wired, visit, work, "account made", f"{people.login_of(login)}: {role}")
    except (Wrong, people.Unfit) as wrong:
        return _list(page, visit, wrong, posted)
    return page.go("/accounts", "made")


@router.post("/accounts/{person}/{act}")
def change(
    page: Here,
    wired: Wired,
    visit: Admin,
    posted: Form,
    act: str,
    person: Annotated[int, Path(ge=1, lt=2**31)],
) -> Response:
    """Change a role or a password, close an account or open it again."""
    with wired.database.read() as tx:
        found = next((one for one in people.everybody(tx) if one.id == person), None)
    if found is None:
        raise NotThere
    try:
        _note(wired, visit, *_act(wired, found, act, posted))
    except (Wrong, people.Unfit) as wrong:
        return _list(page, visit, wrong)
    return page.go("/accounts", "changed")


@router.get("/account")
def own(page: Here, _: Clerk) -> Response:
    """Show one's own account."""
    return page.show("account.html", here="account", trouble=None)


@router.post("/account/language")
def speak(page: Here, wired: Wired, visit: Clerk, posted: Form) -> Response:
    """Choose the language of one's pages."""
    language = _text(posted, "language")
    if language not in LANGUAGES:
        return page.show("account.html", 422, here="account", trouble=LANGUAGE)
    wired.database.write(partial(people.set_language, person=visit.person.id, language=language))
    return page.go("/account")


@router.post("/account/password")
def renew(page: Here, wired: Wired, visit: Clerk, posted: Form) -> Response:
    """Choose another password; all one's sessions end, this one too."""
    try:
        _prove(wired, visit, _text(posted, "old"))
        hashed = _hashed(wired, _text(posted, "password"), visit.person.login, posted)
    except Wrong as wrong:
        return page.show("account.html", 422, here="account", trouble=wrong.say)
    work = partial(people.set_password, person=visit.person.id, password=hashed)
    _note(wired, visit, work, "password changed", visit.person.login)
    return page.go("/sign-in?next=/account")


def _list(
    page: Page, visit: Visit, wrong: Wrong | people.Unfit | None = None, posted: FormData | None = None
) -> Response:
    with page.wired.database.read() as tx:
        found = people.everybody(tx)
    say = wrong.say if isinstance(wrong, Wrong) else str(wrong) if wrong else None
    typed = {name: _text(posted, name) if posted else "" for name in ("login", "name", "role")}
    return page.show(
        "people.html", 422 if wrong else 200, here="accounts", people=found, roles=list(Role), trouble=say, typed=typed,
        own=visit.person.id,
    )  # fmt: skip


def _act(
    wired: Services, person: Person, act: str, posted: FormData
) -> tuple[Callable[[Transaction], object], str, str]:
    """Give the work of an act, and what it is called in the log."""
    match act:
        case "role":
            role = _role(posted)
            return partial(people.set_role, person=person.id, role=role), "role changed", f"{person.login}: {role}"
        case "password":
            hashed = _hashed(wired, _text(posted, "password"), person.login, posted)
            return partial(people.set_password, person=person.id, password=hashed), "password changed", person.login
        case "close":
            return partial(people.set_active, person=person.id, active=False), "account closed", person.login
        case "open":
            return partial(people.set_active, person=person.id, active=True), "account opened", person.login
        case _:
            raise NotThere


def _prove(wired: Services, visit: Visit, password: str) -> None:
    """See that it is his password; guesses are limited as at the door. Raises Wrong."""
    if proved(wired, visit.person.login, password, visit.peer or "")[0] is None:
        raise Wrong(say=OLD)


def _note(wired: Services, visit: Visit, work: Callable[[Transaction], object], what: str, detail: str) -> None:
    def both(tx: Transaction) -> None:
        work(tx)
        audit.note(tx, actor=visit.person.login, what=what, at=wired.now(), peer=visit.peer, detail=detail)

    wired.database.write(both)


def _text(posted: FormData, name: str) -> str:
    value = posted.get(name)
    return value.strip() if isinstance(value, str) and name != "password" else value if isinstance(value, str) else ""


def _role(posted: FormData) -> Role:
    try:
        return Role(_text(posted, "role"))
    except ValueError:
        raise Wrong(say=ROLE) from None


def _hashed(wired: Services, password: str, login: str, posted: FormData) -> str:
    """Give the hash of a new password. Raises Wrong where it will not do, or the repetition differs."""
    wrong = objection(password, login)
    if wrong is None and "again" in posted and posted["again"] != password:
        wrong = OTHER
    if wrong is not None:
        raise Wrong(say=wrong)
    return wired.passwords.hashed(password)
