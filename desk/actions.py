"""What people do with a report, for the pages and the API alike: each look and each change stands in the audit log.

Every function takes the services, the visit, and a report's public number; it raises `desk.errors.Trouble`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from desk import fields
from desk.errors import Changed, Forbidden, NotThere, Trouble, Wrong
from desk.services import Picture, Services
from desk.visit import Visit
from desk.words import N_
from records.arrival import TryAgain
from records.media import is_paper
from records.numbers import report_of
from records.orders import TicketOrder
from records.people import Role
from records.reading import Part
from records.record import FaultRecord, OriginalRef
from records.standing import Standing
from records.status import Status
from records.words import Order, Urgency
from storage import audit, corrections, extents, orders, promises, records, search, standings, statuses, versions
from storage.content import original as content_of
from storage.conversations import said
from storage.database import Transaction
from storage.promises import Running
from storage.records import Kept
from storage.story import Chapter, Line, line, story
from storage.versions import Version, VersionRow

LONGEST_REMARK, LONGEST_QUESTION = 2000, 10_000  # characters
WIDEST = 4000  # pixels of a page's picture

REMARK = N_("Say why, in at most 2000 characters.")
QUESTION = N_("Write the question, in at most 10,000 characters.")
PAGES = N_("Name pages of this report, and leave at least one.")
INTO = N_("Write the number of another report: FR-2026-0001187.")
NOT_SO = N_("It does not stand so any more, or has not been read yet: reload the page.")
NOBODY = N_("There is no e-mail address to write to: correct it, or telephone.")
OWN = N_("Somebody else must decide this: it is your own work.")
NO_PICTURE = N_("This page can't be shown as a picture. Download the original.")


class Seen(Struct, frozen=True, kw_only=True):
    """One report as somebody at the desk sees it."""

    kept: Kept
    standing: Standing
    version: Version | None  # the newest; None: not read yet
    record: FaultRecord | None  # the newest, with its decision
    pages: tuple[int, ...]  # of the original, that are this report; empty: all
    parent: str | None  # number of the report that it was divided from


def listed(
    wired: Services, wanted: standings.Filter, limit: int, after: tuple[int, int] | None = None
) -> list[Standing]:
    """List the queue."""
    with wired.database.read() as tx:
        return standings.queue(tx, wanted, limit, after)


def counted(wired: Services) -> standings.Counts:
    """Count the queue."""
    with wired.database.read() as tx:
        return standings.counts(tx, wired.now())


def found(wired: Services, visit: Visit, text: str, limit: int) -> list[Standing]:
    """Search; what was searched for is not written down."""
    _note(wired, visit, "search")
    with wired.database.read() as tx:
        return search.find(tx, (clean(text) or "")[:1000], limit)


def known(wired: Services, number: str) -> Kept:
    """Give the report of a public number. Raises NotThere."""
    row = report_of(number)
    with wired.database.read() as tx:
        kept = records.kept(tx, row) if row is not None and row < 2**63 else None
    if kept is None or kept.id != number.upper():
        raise NotThere
    return kept


def look(wired: Services, visit: Visit, number: str) -> Seen:
    """Open a report."""
    kept = known(wired, number)
    _note(wired, visit, "look", kept.report)
    return seen(wired, kept)


def seen(wired: Services, kept: Kept) -> Seen:
    """Give what there is of a report, as a part of something that stands in the audit log already."""
    with wired.database.read() as tx:
        version, told = versions.latest(tx, kept.report), line(tx, kept.report)
        standing, extent = standings.standing(tx, kept.report), extents.extent(tx, kept.report)
        parent = records.kept(tx, extent.parent) if extent and extent.parent else None
    if standing is None:
        raise NotThere
    return Seen(
        kept=kept, standing=standing, version=version, record=told.record, pages=extent.pages if extent else (),
        parent=parent.id if parent else None,
    )  # fmt: skip


def told(wired: Services, visit: Visit, number: str) -> tuple[Line, list[Chapter]]:
    """Tell a report's whole story."""
    kept = known(wired, number)
    _note(wired, visit, "look", kept.report, "story")
    with wired.database.read() as tx:
        return line(tx, kept.report), story(tx, kept.report)


def ordered(wired: Services, visit: Visit, number: str) -> tuple[Status, list[TicketOrder]]:
    """Tell how a report stands, and what was ordered for its ticket."""
    kept = known(wired, number)
    _note(wired, visit, "look", kept.report, "orders")
    with wired.database.read() as tx:
        return statuses.status(tx, kept.report), orders.orders(tx, kept.report)


def promised(wired: Services, report: int) -> list[Running]:
    """List the promises of a report, as a part of a look."""
    with wired.database.read() as tx:
        return promises.of(tx, [report]).get(report, [])


def history(wired: Services, number: str) -> list[VersionRow]:
    """List the versions of a report's record, the newest first; as a part of a look."""
    with wired.database.read() as tx:
        return versions.versions(tx, known(wired, number).report)


def take(wired: Services, visit: Visit, number: str) -> None:
    """Show the others that he has it open."""
    kept = known(wired, number)
    wired.database.write(partial(standings.take, report=kept.report, login=visit.person.login, at=wired.now()))


def release(wired: Services, visit: Visit, number: str) -> None:
    """Show the others that he has closed it."""
    kept = known(wired, number)
    wired.database.write(partial(standings.release, report=kept.report, login=visit.person.login))


def save(
    wired: Services, visit: Visit, number: str, base: int, given: dict[str, object], remark: str | None = None
) -> int:
    """Keep a new version of the record with what somebody wrote into fields; gives its number.

    `base` is the version that he saw, 0 where there is none yet. Raises Wrong naming each field, and Changed where
    there is a newer version.
    """
    kept = known(wired, number)
    with wired.database.read() as tx:
        newest = versions.newest(tx, kept.report)
    if (newest.version if newest else 0) != base:
        raise Changed(newest.version if newest else 0)
    before = newest.record if newest else _blank(kept)
    record = fields.corrected(before, given, _context(wired, kept))
    if record.order not in (Order.REPORT, Order.NOT_A_FAULT) and record.reference is not None:
        _another(wired, kept, record.reference, "reference")
    detail = ", ".join(fields.changed_fields(before, record)) or "nothing"
    work = partial(
        corrections.correct, report=kept.report, base=base, record=record, by=visit.person, at=wired.now(),
        approval=wired.settings.desk.approval, remark=remark_of(remark),
    )  # fmt: skip
    return int(_change(wired, visit, kept, "correct", work, detail))


def refuse(wired: Services, visit: Visit, number: str, base: int, remark: str | None) -> int:
    """Say that it is no report of a fault."""
    kept = known(wired, number)
    work = partial(
        corrections.refuse, report=kept.report, base=base, by=visit.person, at=wired.now(), remark=remark_of(remark),
        approval=wired.settings.desk.approval,
    )  # fmt: skip
    return int(_change(wired, visit, kept, "refuse", work))


def ask(wired: Services, visit: Visit, number: str, base: int, text: str | None) -> int:
    """Ask the sender, by the channel that it came by."""
    kept = known(wired, number)
    text = _said(text, "text", QUESTION, LONGEST_QUESTION)
    work = partial(corrections.ask, report=kept.report, base=base, by=visit.person, at=wired.now(), text=text)
    return int(_change(wired, visit, kept, "ask", work))


def pass_on(wired: Services, visit: Visit, number: str, reason: str | None) -> None:
    """Pass it to a senior."""
    kept = known(wired, number)
    reason = _said(reason, "reason", REMARK, LONGEST_REMARK)
    work = partial(corrections.pass_on, report=kept.report, by=visit.person, at=wired.now(), reason=reason)
    _change(wired, visit, kept, "pass on", work)


def urge(wired: Services, visit: Visit, number: str, base: int, urgency: Urgency) -> int:
    """Mark how urgent it is."""
    kept = known(wired, number)
    work = partial(
        corrections.urge, report=kept.report, base=base, by=visit.person, at=wired.now(), urgency=urgency,
        approval=wired.settings.desk.approval,
    )  # fmt: skip
    return int(_change(wired, visit, kept, "urge", work, urgency.value))


def split(wired: Services, visit: Visit, number: str, base: int, pages: tuple[int, ...]) -> str:
    """Make a report of its own of these pages; gives its number."""
    kept = known(wired, number)
    work = partial(corrections.split, report=kept.report, base=base, pages=pages, by=visit.person, at=wired.now())
    row = _change(wired, visit, kept, "split", work, f"pages {', '.join(map(str, pages))}" if pages else "a copy",
                  Wrong({"pages": PAGES}))  # fmt: skip
    with wired.database.read() as tx:
        made = records.kept(tx, row)
    if made is None:
        raise NotThere
    return made.id


def merge(wired: Services, visit: Visit, number: str, base: int, into: str) -> int:
    """Say that it is the same as another report: it becomes that one's follow-up."""
    kept = known(wired, number)
    other = _another(wired, kept, into, "into")
    work = partial(
        corrections.merge, report=kept.report, base=base, into=other.report, by=visit.person, at=wired.now(),
        approval=wired.settings.desk.approval,
    )  # fmt: skip
    return int(_change(wired, visit, kept, "merge", work, f"into {other.id}", Wrong({"into": INTO})))


def approve(wired: Services, visit: Visit, number: str, version: int, remark: str | None = None) -> None:
    """Let a clerk's order leave."""
    _decide(wired, visit, number, "approve", corrections.approve, version, remark_of(remark))


def decline(wired: Services, visit: Visit, number: str, version: int, remark: str | None) -> None:
    """Send a clerk's order back to him."""
    _decide(
        wired, visit, number, "decline", corrections.decline, version, _said(remark, "remark", REMARK, LONGEST_REMARK)
    )


def original(wired: Services, visit: Visit, number: str) -> tuple[Kept, bytes]:
    """Give the byte-exact original; of a conversation all of its updates, as it is read (`records.chat`)."""
    kept = known(wired, number)
    _note(wired, visit, "original", kept.report)
    with wired.database.read() as tx:
        talk = said(tx, wired.originals, kept.report)
        return kept, talk.content if talk else content_of(tx, wired.originals, kept.sha256)


def picture(
    wired: Services, visit: Visit, number: str, page: int, *, rotation: int = 0, width: int | None = None
) -> Picture:
    """Give one page of the original (from 1) as a picture, turned clockwise. Raises NotThere for another's page."""
    kept = known(wired, number)
    with wired.database.read() as tx:
        extent, version = extents.extent(tx, kept.report), versions.latest(tx, kept.report)
        content = content_of(tx, wired.originals, kept.sha256)
    if extent and extent.pages and page not in extent.pages:
        raise NotThere
    part = _part(version, page) if not is_paper(kept.media_type) else None
    _note(wired, visit, "picture", kept.report, f"page {page}")
    try:
        return wired.pictures.picture(
            content, kept.media_type, page - part.pages[0] + 1 if part else page, rotation=rotation % 360, width=width,
            part=part.path if part else None,
        )  # fmt: skip
    except LookupError:
        raise NotThere from None
    except TryAgain:
        raise
    except Exception as error:
        raise NotThere(NO_PICTURE) from error


def _part(version: Version | None, page: int) -> Part | None:
    """Give the part of a mail that a page was read from."""
    parts = version.reading.parts if version and version.reading else ()
    return next((part for part in parts if page in part.pages), None)


def page_numbers(wired: Services, visit: Visit, number: str) -> tuple[int, ...]:
    """Name the pages of the original that are this report; none where it is no paper or can't be shown."""
    kept = known(wired, number)
    if not is_paper(kept.media_type):
        return ()
    with wired.database.read() as tx:
        extent, version = extents.extent(tx, kept.report), versions.latest(tx, kept.report)
    if extent and extent.pages:
        return extent.pages
    if version and version.reading and version.reading.pages:
        return tuple(page.number for page in version.reading.pages)
    try:
        return tuple(range(1, picture(wired, visit, number, 1, width=50).pages + 1))
    except NotThere:
        return ()


def clean(text: str | None) -> str | None:
    """Give a text of an address as the archive can look for it."""
    return text.replace("\0", "") if text else None


def remark_of(remark: str | None) -> str | None:
    """Give a remark as it is kept; None for an empty one. Raises Wrong."""
    return _said(remark, "remark", REMARK, LONGEST_REMARK) if remark and remark.strip() else None


def _another(wired: Services, kept: Kept, number: str, name: str) -> Kept:
    """Give the other report that a field names. Raises Wrong where there is none, or it is the same."""
    try:
        other = known(wired, number)
    except NotThere:
        raise Wrong({name: INTO}) from None
    if other.report == kept.report:
        raise Wrong({name: INTO})
    return other


def _decide(
    wired: Services, visit: Visit, number: str, what: str, work: Callable[..., Any], version: int, remark: str | None
) -> None:
    if not visit.may(Role.SENIOR):
        raise Forbidden
    kept = known(wired, number)
    bound = partial(work, report=kept.report, version=version, by=visit.person, at=wired.now(), remark=remark)
    _change(wired, visit, kept, what, bound, f"version {version}")


def _change(
    wired: Services, visit: Visit, kept: Kept, what: str, work: Callable[[Transaction], Any],
    detail: str | None = None, unfit: Trouble | None = None,
) -> Any:  # fmt: skip
    """Do a unit of work and write it into the log, in one commit; `unfit`: what to say where it can't be done so."""
    try:
        done = wired.database.write(
            partial(_noted, work=work, actor=visit.person.login, what=what, at=wired.now(), report=kept.report,
                    peer=visit.peer, detail=detail)
        )  # fmt: skip
    except corrections.Conflict as conflict:
        raise Changed(conflict.latest.version) from conflict
    except corrections.NobodyToAsk as error:
        raise Wrong(say=NOBODY) from error
    except PermissionError as error:
        raise Forbidden(OWN) from error
    except LookupError as error:
        if type(error) is not LookupError:  # a KeyError is a fault of ours
            raise
        raise Wrong(say=NOT_SO) from error
    except ValueError as error:
        if unfit is None:
            raise
        raise unfit from error
    wired.ring()
    return done


def _noted(tx: Transaction, *, work: Callable[[Transaction], Any], **entry: Any) -> Any:
    done = work(tx)
    audit.note(tx, **entry)
    return done


def _note(wired: Services, visit: Visit, what: str, report: int | None = None, detail: str | None = None) -> None:
    wired.database.write(
        partial(audit.note, actor=visit.person.login, what=what, at=wired.now(), report=report, peer=visit.peer,
                detail=detail)
    )  # fmt: skip


def _blank(kept: Kept) -> FaultRecord:
    """Give the record of what no reader has read yet: a person writes all of it."""
    return FaultRecord(
        id=kept.id, order=Order.REPORT, channel=kept.channel, received_at=kept.received_at, due_at=kept.due_at,
        language=None, original=OriginalRef(media_type=kept.media_type, size=kept.size, sha256=kept.sha256),
    )  # fmt: skip


def _context(wired: Services, kept: Kept) -> fields.Context:
    channel = wired.settings.doors.get(kept.channel)
    zone = ZoneInfo(wired.settings.gateway.zone)
    return fields.Context(region=channel.region if channel else "RU", today=wired.now().astimezone(zone).date())


def _said(text: str | None, field: str, say: str, longest: int) -> str:
    text = (text or "").strip().replace("\0", "")
    if not 0 < len(text) <= longest or any("\ud800" <= char <= "\udfff" for char in text):
        raise Wrong({field: say})
    return text
