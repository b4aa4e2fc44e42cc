"""The review: the original beside the record's fields, for the person who finishes what the machine could not.

Nobody overwrites another: who saves a version that is no longer the newest sees what the other changed, with his own
changes in the form. What is typed is kept as a draft (`desk.drafts`) and found again.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec
from fastapi import APIRouter
from msgspec import Struct
from starlette.responses import Response

from desk import actions
from desk.actions import Seen
from desk.errors import Changed, Wrong
from desk.fields import FIELDS, values
from desk.page import Here, Page
from desk.pages.clock import clock
from desk.pages.form import Change, Clash, changes, doubted, given, groups, in_words, merged
from desk.pages.original import shown
from desk.pages.question import question
from desk.visit import Clerk, Form, Visit
from records.words import Urgency
from storage import sessions
from storage.versions import VersionRow, versions

router = APIRouter(include_in_schema=False)


class Conflict(Struct, frozen=True, kw_only=True):
    """What somebody else saved meanwhile."""

    who: str
    changes: tuple[Change, ...]  # all of his
    clashes: int  # fields that both changed


class _Draft(Struct, frozen=True):
    """What the page keeps while somebody types."""

    base: int
    values: dict[str, str]


@router.get("/reports/{number}/review")
def show(page: Here, visit: Clerk, number: str) -> Response:
    """Show a report beside its original, with what the person has typed before."""
    seen = actions.look(page.wired, visit, number)
    if seen.version is None or seen.record is None:
        return page.go(f"/reports/{seen.kept.id}")
    if seen.standing.taken_by is None:
        actions.take(page.wired, visit, number)
        seen = msgspec.structs.replace(
            seen, standing=msgspec.structs.replace(seen.standing, taken_by=visit.person.login)
        )  # fmt: skip
    draft = _draft(page, visit, seen)
    if draft is None:
        return _show(page, seen, values(seen.record))
    if draft.base == seen.version.version:
        return _show(page, seen, values(seen.record) | draft.values, restored=True)
    return _meet(page, visit, seen, draft.base, draft.values, status=200)


@router.post("/reports/{number}/review")
def save(page: Here, visit: Clerk, posted: Form, number: str) -> Response:
    """Keep what was typed as a new version; go to the next report where that was asked for."""
    wired = page.wired
    seen = actions.seen(wired, actions.known(wired, number))
    if seen.record is None or seen.version is None:
        raise Wrong(say=actions.NO_RECORD)
    base, typed = number_of(posted.get("base")), given(posted.get)
    before = values(seen.record)
    try:
        actions.save(wired, visit, number, base, _touched(seen, before, typed))
    except Changed:
        return _meet(page, visit, actions.seen(wired, seen.kept), base, typed)
    except Wrong as wrong:
        return _show(page, seen, typed, errors=wrong.fields, status=422)
    forget(page, visit, seen.kept.id)
    actions.release(wired, visit, number)
    return page.go("/next" if posted.get("next") else f"/reports/{seen.kept.id}", "saved")


@router.post("/reports/{number}/forget")
def throw_away(page: Here, visit: Clerk, number: str) -> Response:
    """Forget what was typed and not saved."""
    kept = actions.known(page.wired, number)
    forget(page, visit, kept.id)
    return page.go(f"/reports/{kept.id}/review")


def forget(page: Page, visit: Visit, number: str) -> None:
    """Drop the draft of a report that was dealt with."""
    forget_draft(page, visit, _key(number))


def forget_draft(page: Page, visit: Visit, key: str) -> None:
    """Drop a draft by its form's key."""
    page.wired.database.write(partial(sessions.drop_draft, person=visit.person.id, key=key))


def number_of(text: object) -> int:
    """Read the number of a version from a form; 0, which no version has, for anything else."""
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 12 else 0


def _touched(seen: Seen, before: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, object]:
    """Give what the person wrote, and what he left empty though something stood there; all else is not his."""
    doubtful = doubted(seen.record) if seen.record else set()
    return {name: value for name, value in typed.items() if value.strip() != before[name] or name in doubtful}


def _meet(page: Page, visit: Visit, seen: Seen, base: int, typed: Mapping[str, str], status: int = 409) -> Response:
    """Show what somebody else saved meanwhile, with both people's changes in the form."""
    with page.wired.database.read() as tx:
        rows = {row.version: row for row in versions(tx, seen.kept.report)}
    newest = max(rows.values(), key=lambda row: row.version)
    seen_then = rows.get(base, newest)
    before, theirs = values(seen_then.record), values(newest.record)
    together = merged(before, theirs, before | {name: text for name, text in typed.items() if name in FIELDS})
    speech, who = page.speech, newest.by or page._("the machine")
    clashes = {
        name: Clash(
            who=who, before=in_words(speech, name, before[name]), theirs=theirs[name],
            theirs_shown=in_words(speech, name, theirs[name]), mine_shown=_mine(page, name, together.values[name]),
        )
        for name in together.clashes
    }  # fmt: skip
    conflict = Conflict(who=_others(rows, base, who), changes=tuple(changes(speech, before, theirs)), clashes=len(clashes))
    return _show(page, seen, together.values, clashes=clashes, conflict=conflict, status=status)


def _mine(page: Page, name: str, value: str) -> str:
    """Write what was typed in words; what is no word of the vocabulary as it is."""
    try:
        return in_words(page.speech, name, value)
    except ValueError:
        return value


def _others(rows: Mapping[int, VersionRow], base: int, fallback: str) -> str:
    """Name who saved after the version that was seen."""
    names = dict.fromkeys(row.by for row in rows.values() if row.version > base and row.by)
    return ", ".join(reversed(names)) or fallback


def _show(
    page: Page, seen: Seen, typed: Mapping[str, str], *, errors: Mapping[str, str] = {},
    clashes: Mapping[str, Clash] = {}, conflict: Conflict | None = None, restored: bool = False, status: int = 200,
) -> Response:  # fmt: skip
    version = seen.version.version if seen.version else 0
    return page.show(
        "review.html", status, here="queue", **around(page, seen), base=version, errors=errors, conflict=conflict,
        restored=restored, draft_key=_key(seen.kept.id), question=question(page, seen), urgencies=list(Urgency),
        groups=groups(page.speech, typed, seen.record, errors=errors, clashes=clashes),
    )  # fmt: skip


def around(page: Page, seen: Seen) -> dict[str, Any]:
    """Give what every page about one report shows: where it stands, its clock, its original."""
    return {
        "standing": seen.standing, "clock": clock(seen.standing, page.wired.now()), "seen": seen,
        "shown": shown(seen, page.request.query_params.get("page", "")),
    }  # fmt: skip


def _key(number: str) -> str:
    return f"review/{number}"


def _draft(page: Page, visit: Visit, seen: Seen) -> _Draft | None:
    """Give what was typed before, where it says something else than the record."""
    with page.wired.database.read() as tx:
        body = sessions.draft(tx, visit.person.id, _key(seen.kept.id))
    if body is None or seen.record is None:
        return None
    try:
        draft = msgspec.json.decode(body, type=_Draft)
    except msgspec.DecodeError:
        return None  # of an older page
    own = values(seen.record)
    typed = {name: text for name, text in draft.values.items() if name in FIELDS and text != own[name]}
    return _Draft(draft.base, typed) if typed else None
