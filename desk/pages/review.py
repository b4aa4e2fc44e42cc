"""The review: the original beside the record's fields, for the person who finishes what the machine could not.

Nobody overwrites another: who saves a version that is no longer the newest sees what the other changed, with his own
changes in the form. What is typed is kept as a draft (`desk.drafts`) and found again.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from msgspec import Struct
from msgspec.structs import replace
from starlette.responses import Response

from desk import actions, chats
from desk.actions import Seen
from desk.errors import Changed, Wrong
from desk.fields import FIELDS, values
from desk.page import Here, Page
from desk.pages import typed
from desk.pages.clock import clock
from desk.pages.form import EMPTY, Change, Clash, changes, doubted, given, groups, in_words, merged
from desk.pages.original import shown
from desk.pages.question import question
from desk.pages.typed import Typed
from desk.visit import Clerk, Form, Visit
from records.media import is_paper
from records.people import Role
from records.record import FaultRecord
from records.standing import State
from records.words import Urgency
from storage.versions import VersionRow, versions

router = APIRouter(include_in_schema=False)


class Conflict(Struct, frozen=True, kw_only=True):
    """What somebody else saved meanwhile."""

    who: str
    changes: tuple[Change, ...]  # all of his
    clashes: int  # fields that both changed


@router.get("/reports/{number}/review")
def show(page: Here, visit: Clerk, number: str) -> Response:
    """Show a report beside its original, with what the person has typed before."""
    seen = actions.look(page.wired, visit, number)
    if seen.standing.taken_by is None:
        actions.take(page.wired, visit, number)
        seen = replace(seen, standing=replace(seen.standing, taken_by=visit.person.login))
    own, draft = shown_values(seen.record), _draft(page, visit, seen)
    if draft is None:
        return _show(page, seen, own)
    if draft.base == _version(seen):
        return _show(page, seen, own | draft.values, restored=True)
    return _meet(page, seen, draft.base, draft.values, status=200)


@router.post("/reports/{number}/review")
def save(page: Here, visit: Clerk, posted: Form, number: str) -> Response:
    """Keep what was typed as a new version; go to the next report where that was asked for."""
    wired = page.wired
    seen = actions.seen(wired, actions.known(wired, number))
    base, written = number_of(posted.get("base")), given(posted.get)
    try:
        actions.save(wired, visit, number, base, _touched(seen, written))
    except Changed:
        return _meet(page, actions.seen(wired, seen.kept), base, written)
    except Wrong as wrong:
        return _show(page, seen, written, errors=wrong.fields, status=422)
    forget(page, visit, seen.kept.id)
    actions.release(wired, visit, number)
    waits = wired.settings.desk.approval and not visit.may(Role.SENIOR)
    return page.go("/next" if posted.get("next") else f"/reports/{seen.kept.id}", "waits" if waits else "saved")


@router.post("/reports/{number}/forget")
def throw_away(page: Here, visit: Clerk, number: str) -> Response:
    """Forget what was typed and not saved."""
    kept = actions.known(page.wired, number)
    forget(page, visit, kept.id)
    return page.go(f"/reports/{kept.id}/review")


def forget(page: Page, visit: Visit, number: str) -> None:
    """Drop the draft of a report that was dealt with."""
    typed.forget(page, visit, _key(number))


def number_of(text: object) -> int:
    """Read the number of a version from a form; 0, which no version has, for anything else."""
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 12 else 0


def shown_values(record: FaultRecord | None) -> dict[str, str]:
    """Give the values of a form; of a report that nobody has read yet, those of an empty one."""
    return values(record) if record else EMPTY


def _touched(seen: Seen, written: Mapping[str, str]) -> dict[str, object]:
    """Give what the person wrote, and what he left empty though something stood there; all else is not his."""
    before, doubtful = shown_values(seen.record), doubted(seen.record) if seen.record else set()
    return {name: value for name, value in written.items() if value.strip() != before[name] or name in doubtful}


def _meet(page: Page, seen: Seen, base: int, written: Mapping[str, str], status: int = 409) -> Response:
    """Show what somebody else saved meanwhile, with both people's changes in the form."""
    with page.wired.database.read() as tx:
        rows = {row.version: row for row in versions(tx, seen.kept.report)}
    newest, speech = max(rows.values(), key=lambda row: row.version), page.speech
    before = shown_values(rows[base].record if base in rows else None)
    theirs = values(newest.record)
    together = merged(before, theirs, before | {name: text for name, text in written.items() if name in FIELDS})
    who = _others(rows, base) or page._("the machine")
    clashes = {
        name: Clash(
            who=who, before=in_words(speech, name, before[name]), theirs=theirs[name],
            theirs_shown=in_words(speech, name, theirs[name]), mine_shown=_mine(page, name, together.values[name]),
        )
        for name in together.clashes
    }  # fmt: skip
    conflict = Conflict(who=who, changes=tuple(changes(speech, before, theirs)), clashes=len(clashes))
    return _show(page, seen, together.values, clashes=clashes, conflict=conflict, status=status)


def _mine(page: Page, name: str, value: str) -> str:
    """Write what was typed in words; what is no word of the vocabulary as it is."""
    try:
        return in_words(page.speech, name, value)
    except ValueError:
        return value


def _others(rows: Mapping[int, VersionRow], base: int) -> str:
    """Name who saved after the version that was seen."""
    return ", ".join(dict.fromkeys(row.by for row in rows.values() if row.version > base and row.by))


def _show(
    page: Page, seen: Seen, written: Mapping[str, str], *, errors: Mapping[str, str] = {},
    clashes: Mapping[str, Clash] = {}, conflict: Conflict | None = None, restored: bool = False, status: int = 200,
) -> Response:  # fmt: skip
    return page.show(
        "review.html", status, here="queue", **around(page, seen), base=_version(seen), errors=errors,
        conflict=conflict, restored=restored, draft_key=_key(seen.kept.id), question=question(page, seen),
        urgencies=list(Urgency),
        groups=groups(page.speech, written, seen.record, errors=errors, clashes=clashes),
    )  # fmt: skip


def around(page: Page, seen: Seen) -> dict[str, Any]:
    """Give what every page about one report shows: where it stands, its clock, its original."""
    return {
        "standing": seen.standing, "clock": clock(seen.standing, page.wired.now()), "seen": seen,
        "files": [(one, is_paper(one.media_type)) for one in chats.files(page.wired, seen.kept.report)],
        "shown": shown(seen, _pages(page, seen), page.request.query_params.get("page", "")),
    }  # fmt: skip


def _pages(page: Page, seen: Seen) -> tuple[int, ...]:
    """Name the pages to show; only of what no reader could open they must be counted by making a picture."""
    read = seen.version is not None and seen.version.reading is not None
    if read or seen.pages or seen.standing.state is State.UNREAD or page.visit is None:
        return seen.pages
    return actions.page_numbers(page.wired, page.visit, seen.kept.id)


def _version(seen: Seen) -> int:
    return seen.version.version if seen.version else 0


def _key(number: str) -> str:
    return f"review/{number}"


def _draft(page: Page, visit: Visit, seen: Seen) -> Typed | None:
    """Give what was typed before, where it says something else than the record."""
    draft, own = typed.typed(page, visit, _key(seen.kept.id)), shown_values(seen.record)
    other = {name: text for name, text in draft.values.items() if own.get(name, text) != text} if draft else {}
    return Typed(other, draft.base) if draft and other else None
