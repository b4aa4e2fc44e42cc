"""What people do with mass outages, for the pages and the API alike; each look and each act is in the audit log."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct
from starlette.concurrency import run_in_threadpool

from desk.errors import NotThere, SentAlready, Wrong
from desk.services import Services
from desk.translation import Speech
from desk.uploads import key_in
from desk.visit import Visit
from desk.words import N_
from records.deliveries import Kind, Medium, Reply
from records.numbers import report_of
from records.outage import Cause, Outage, OutageState
from records.registers import Node, named
from records.standing import Standing
from records.status import ENDED, Status
from storage import audit, outages, records, registers, standings, statuses
from storage.database import Transaction

SHOWN = 100  # outages of the list
LISTED = 500  # reports of one outage
BRANCHES = 60  # children of a node that are shown
_TOGETHER = timedelta(hours=2)  # as long as the watch remembers
_FURTHEST = timedelta(days=30)

UNTIL = N_("Write when it will be over: a time to come, within a month.")
CAUSE = N_("Choose the cause.")
REPORT = N_("Write the number of a report that belongs to no outage: FR-2026-0001187.")
NOT_IN_IT = N_("This report does not belong to the outage any more: reload the page.")
OVER = N_("This outage is over, or was dismissed: reload the page.")
CONFIRMED = N_("It is confirmed, and people were told of it: end it.")


class Branch(Struct, frozen=True, kw_only=True):
    """One node of the tree near an outage."""

    node: str
    name: str
    place: str  # "above", "outage" or "below"
    reports: int  # in the last two hours, it and all below it


class OutageLine(Struct, frozen=True, kw_only=True):
    """An outage in a list."""

    outage: Outage
    master: str | None  # number of the report that stands for all of it


class OutageSeen(Struct, frozen=True, kw_only=True):
    """One outage with all that belongs to it."""

    outage: Outage
    master: str | None
    tree: list[Branch]  # from the top; those below it with the most reports first
    reports: list[Standing]  # the first one first


def listed(wired: Services) -> list[OutageLine]:
    """List outages, the newest first; those that are not over come before the others."""
    with wired.database.read() as tx:
        active = outages.active(tx)
        known = {one.id for one in active}
        over = [one for one in outages.outages(tx, SHOWN) if one.id not in known]
        return [OutageLine(outage=one, master=_number(tx, one.master)) for one in (*active, *over)]


def suspected(wired: Services) -> list[Outage]:
    """List the outages that wait for a senior: suspected, or said to be over by monitoring."""
    with wired.database.read() as tx:
        return [one for one in outages.active(tx) if one.up or one.state is OutageState.SUSPECTED]


def look(wired: Services, visit: Visit, row: int) -> OutageSeen:
    """Open an outage. Raises NotThere."""
    _write(wired, visit, "outage", row, lambda _: None)
    return seen(wired, row)


def seen(wired: Services, row: int) -> OutageSeen:
    """Give an outage as a part of something that stands in the audit log. Raises NotThere."""
    with wired.database.read() as tx:
        one = _known(tx, row)
        reports = standings.these(tx, [report for report, _ in outages.reports_of(tx, row)[:LISTED]])
        near, tree = outages.near(tx, wired.now() - _TOGETHER), registers.nodes(tx)
        master = _number(tx, one.master)
    return OutageSeen(outage=one, master=master, reports=reports, tree=_branches(one, near, tree))


def preview(wired: Services, language: str, cause: Cause, until: datetime) -> Mapping[Kind, Mapping[Medium, str]]:
    """Write both answers as a reporter will get them, by kind and medium."""
    now = wired.now()
    url = wired.settings.replies.answers_url or "https://…"

    def written(kind: Kind, medium: Medium) -> str:
        reply = Reply(
            kind=kind, to="telegram:1" if medium is Medium.CHAT else "galina@example.org", language=language,
            record_id="FR-…", received_at=now, outage=cause, until=until,
        )  # fmt: skip
        return wired.texts.preview(reply, url)

    kinds = (Kind.OUTAGE, Kind.OUTAGE_OVER)
    return {kind: {medium: written(kind, medium) for medium in Medium} for kind in kinds}


def read_terms(wired: Services, cause: str, until: str) -> tuple[Cause, datetime]:
    """Read what a senior says of an outage; a time without an offset is the desk's. Raises Wrong."""
    wrong = {}
    if cause not in set(Cause):
        wrong["cause"] = CAUSE
    try:
        at = datetime.fromisoformat(until)
        at = (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(wired.settings.gateway.zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        at = datetime.min.replace(tzinfo=UTC)
    if not wired.now() < at < wired.now() + _FURTHEST:
        wrong["expected_end"] = UNTIL
    if wrong:
        raise Wrong(wrong)
    return Cause(cause), at


async def confirm(
    wired: Services, visit: Visit, row: int, cause: Cause, until: datetime, speech: Speech
) -> OutageSeen:  # fmt: skip
    """Confirm an outage: its master is kept as a walk-in report, and its reporters are told by and by.

    Confirmed anew it tells another cause or end to whoever is told from now on. Raises NotThere, Wrong, TryAgain.
    """
    before = await run_in_threadpool(seen, wired, row)
    if before.outage.ended_at is not None:
        raise Wrong(say=OVER)
    master = before.outage.master or await _master(wired, visit, before, cause, until, speech)
    work = partial(
        outages.confirm, row_id=row, cause=cause, expected_end=until, master=master, by=visit.person.login,
        at=wired.now(),
    )  # fmt: skip
    await run_in_threadpool(_write, wired, visit, "confirm", row, work)
    return await run_in_threadpool(seen, wired, row)


def dismiss(wired: Services, visit: Visit, row: int) -> None:
    """Say that there is no outage: its reports are ordinary ones. Raises NotThere, and Wrong for a confirmed one."""

    def work(tx: Transaction) -> None:
        if _known(tx, row).state is OutageState.CONFIRMED:
            raise Wrong(say=CONFIRMED)
        outages.decide(tx, row, OutageState.DISMISSED, visit.person.login, wired.now())

    _write(wired, visit, "dismiss", row, work)


def end(wired: Services, visit: Visit, row: int) -> None:
    """Say that it is over: its reporters are told by and by, and its reports and its master are resolved."""
    now, login = wired.now(), visit.person.login

    def work(tx: Transaction) -> None:
        over = outages.decide(tx, row, OutageState.OVER, login, now)
        if over.master is not None and statuses.status(tx, over.master) not in ENDED:
            statuses.change(tx, over.master, Status.RESOLVED, now, login, over.name)

    _write(wired, visit, "end", row, work)


def put_in(wired: Services, visit: Visit, row: int, number: str) -> None:
    """Add a report to an outage. Raises NotThere, and Wrong for one that can't be added."""
    report = _report(number)

    def work(tx: Transaction) -> None:
        one = _known(tx, row)
        if one.ended_at is not None:
            raise Wrong(say=OVER)
        outages.put_in(tx, one, report, visit.person.login, wired.now())

    _write(wired, visit, "put in", row, work, report, Wrong({"report": REPORT}))


def take_out(wired: Services, visit: Visit, row: int, number: str) -> None:
    """Take a report out of an outage. Raises NotThere, and Wrong for one that is not in it."""
    report = _report(number)

    def work(tx: Transaction) -> None:
        outages.take_out(tx, _known(tx, row), report, visit.person.login, wired.now())

    _write(wired, visit, "take out", row, work, report, Wrong({"report": NOT_IN_IT}))


async def _master(
    wired: Services, visit: Visit, before: OutageSeen, cause: Cause, until: datetime, speech: Speech
) -> int:  # fmt: skip
    """Keep the master incident, once: a form that was sent already is the report that it became."""
    services = Counter(one.service for one in before.reports if one.service is not None).most_common(1)
    given = {
        "description": _told(before.outage, cause, until, speech), "urgency": "urgent",
        "reporter.name": visit.person.name,
        **({"service": services[0][0].value} if services else {}),
        **({} if before.outage.node.startswith("@") else {"affected.node": before.outage.node}),
    }  # fmt: skip
    try:
        receipt = await key_in(wired, visit, f"outage-{before.outage.id:08}", given, speech.language)
    except SentAlready as already:
        return _report(already.report)
    return receipt.report


def _told(one: Outage, cause: Cause, until: datetime, speech: Speech) -> str:
    said = speech.gettext(
        "Mass outage: %(name)s, since %(since)s, reports: %(reports)d. Cause: %(cause)s. Expected end: %(until)s.",
        name=one.name, since=speech.moment(one.since), reports=one.reports, cause=speech.word(cause),
        until=speech.moment(until),
    )  # fmt: skip
    return f"{said}\n{one.monitoring}" if one.monitoring else said


def _branches(one: Outage, near: Sequence[tuple[str, ...]], tree: dict[str, Node]) -> list[Branch]:
    """Give the nodes above an outage, its own, and those right below it."""
    counts = Counter(node for path in near for node in set(path))
    seen_below = {lower for path in near for lower, upper in pairwise(path) if upper == one.node}
    below = sorted(seen_below | {node.id for node in tree.values() if node.parent == one.node})
    below.sort(key=lambda node: -counts[node])
    places = [*((node, "above") for node in reversed(one.path[1:])), (one.node, "outage")]
    return [
        Branch(node=node, name=named(tree, node), place=place, reports=counts[node])
        for node, place in (*places, *((node, "below") for node in below[:BRANCHES]))
    ]


def _known(tx: Transaction, row: int) -> Outage:
    found = outages.outage(tx, row) if 0 < row < 2**31 else None
    if found is None:
        raise NotThere
    return found


def _number(tx: Transaction, report: int | None) -> str | None:
    kept = records.kept(tx, report) if report is not None else None
    return kept.id if kept else None


def _report(number: str) -> int:
    report = report_of(number.strip())
    if report is None or report >= 2**63:
        raise Wrong({"report": REPORT})
    return report


def _write(
    wired: Services, visit: Visit, what: str, row: int, work: Callable[[Transaction], object],
    report: int | None = None, unfit: Wrong | None = None,
) -> None:  # fmt: skip
    """Do a unit of work and write it into the log, in one commit; `unfit`: what to say where it can't be done."""

    def noted(tx: Transaction) -> None:
        name = _known(tx, row).name
        work(tx)
        audit.note(
            tx, actor=visit.person.login, what=what, at=wired.now(), report=report, peer=visit.peer,
            detail=f"outage {row}: {name}",
        )  # fmt: skip

    try:
        wired.database.write(noted)
    except LookupError as error:
        if type(error) is not LookupError:  # a KeyError is a fault of ours
            raise
        raise (unfit or Wrong(say=OVER)) from error
    wired.ring()
