"""Signing in and out. What was typed wrong is answered alike, whoever was meant and whatever was wrong."""

import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from desk.answers import kept
from desk.errors import TooMany, problem, wants_problem
from desk.page import LANGUAGE_COOKIE, Here, Page, local
from desk.services import Services, Wired
from desk.translation import LANGUAGES
from desk.visit import Clerk, Form, Visit, cookie_name, csrf_of, hashed, peer, secure
from desk.words import N_
from records.people import Person
from storage import audit, people, sessions
from storage.database import Transaction

router = APIRouter(include_in_schema=False)

WINDOW = timedelta(minutes=15)
PER_LOGIN, PER_PEER = 10, 50  # wrong attempts in the window
_WRONG = N_("Login or password is wrong.")
#: Fields of the sign-in form that are no part of a form carried along.
_OWN = frozenset({"login", "password", "next", "again"})


@router.get("/sign-in")
def show(page: Here, next: str = "/", language: str | None = None) -> Response:  # noqa: A002 - its name in the address
    """Show the sign-in page, in the language that was chosen there."""
    if language in LANGUAGES:
        answer = page.go("/sign-in" + (f"?next={quote(local(next))}" if next != "/" else ""))
        answer.set_cookie(LANGUAGE_COOKIE, language, path="/", httponly=True, samesite="lax", secure=secure(page.wired))
        return answer
    if page.visit is not None:
        return page.go(next)
    return page.show("sign_in.html", next=local(next), again=None, kept=[], trouble=None, login="")


@router.post("/sign-in")
def sign_in(
    request: Request, wired: Wired, page: Here, posted: Form, carried: Annotated[list[tuple[str, str]], Depends(kept)]
) -> Response:
    """Begin a session of a new token; then go where the person wanted, or send the form that came too late."""
    login, password = str(posted.get("login", ""))[:200], str(posted.get("password", ""))[:1000]
    person, trouble = proved(wired, login, password, peer(request) or "")
    again, carried = posted.get("again"), [one for one in carried if one[0] not in _OWN]
    if person is None:
        status, say, headers = trouble
        if wants_problem(request):
            return problem(status, say, headers)
        return page.show(
            "sign_in.html", status, headers, next=local(str(posted.get("next", "/"))), again=again, kept=carried,
            trouble=say, login=login,
        )  # fmt: skip
    token = _begin(wired, person, peer(request), page.visit)
    answer = _onward(page, posted, person, csrf_of(token), carried)
    answer.set_cookie(cookie_name(wired), token, path="/", httponly=True, samesite="lax", secure=secure(wired))
    return answer


@router.post("/sign-out")
def sign_out(wired: Wired, visit: Clerk, page: Here) -> Response:
    """End this session."""
    wired.database.write(partial(_sign_out, token=visit.token or "", login=visit.person.login, peer=visit.peer,
                                 at=wired.now()))  # fmt: skip
    answer = page.go("/sign-in")
    answer.delete_cookie(cookie_name(wired), path="/", httponly=True, samesite="lax", secure=secure(wired))
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


def proved(
    wired: Services, login: str, password: str, address: str
) -> tuple[Person | None, tuple[int, str, dict[str, str]]]:
    """Give whose login and password these are, otherwise how to answer: status, message, headers."""
    now, key = wired.now(), hashed(login.strip().lower())
    guess = wired.database.write(
        partial(sessions.guess, login=key, peer=hashed(address), at=now, window=WINDOW, per_login=PER_LOGIN,
                per_peer=PER_PEER)
    )  # fmt: skip
    if guess.wait is not None:
        seconds = max(1, int(guess.wait.total_seconds()) + 1)
        return None, (429, TooMany.say, {"Retry-After": str(seconds)})
    with wired.database.read() as tx:
        found = people.account(tx, login)
    right = wired.passwords.match(found.password if found else None, password)
    if found is None or not right or not found.person.active:
        actor = found.person.login if found else "unknown"
        wired.database.write(partial(audit.note, actor=actor, what="sign-in refused", at=now, peer=address))
        return None, (401, _WRONG, {})
    wired.database.write(partial(sessions.right, row=guess.row, login=key))
    return found.person, (200, "", {})


def _begin(wired: Services, person: Person, address: str | None, before: Visit | None) -> str:
    """Begin a session in place of the browser's earlier one; gives its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    wired.database.write(partial(_enter, wired=wired, person=person, token=hashed(token), peer=address, before=before))
    return token


def _enter(
    tx: Transaction, wired: Services, person: Person, token: str, peer: str | None, before: Visit | None
) -> None:
    now, desk = wired.now(), wired.settings.desk
    sessions.forget(
        tx, began=now - timedelta(minutes=desk.session), seen=now - timedelta(minutes=desk.idle), guesses=now - WINDOW
    )
    if before is not None and before.token is not None:
        sessions.end(tx, before.token)
    sessions.begin(tx, token=token, person=person.id, at=now)
    audit.note(tx, actor=person.login, what="sign-in", at=now, peer=peer)


def _sign_out(tx: Transaction, token: str, login: str, peer: str | None, at: datetime) -> None:
    sessions.end(tx, token)
    audit.note(tx, actor=login, what="sign-out", at=at, peer=peer)


def _onward(page: Page, posted: FormData, person: Person, csrf: str, carried: list[tuple[str, str]]) -> Response:
    """Answer a script, go on to the page that was wanted, or give back the form that came too late, to be sent."""
    if wants_problem(page.request):
        told = {"csrf": csrf, "login": person.login, "name": person.name}
        return Response(msgspec.json.encode(told), media_type="application/json")
    again = posted.get("again")
    if not again:
        return page.go(str(posted.get("next", "/")))
    return page.show("again.html", again=local(str(again)), kept=carried, csrf=csrf)
