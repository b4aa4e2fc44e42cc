"""Where reports were on the network, and the outages that were suspected over them."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from records.clocks import SUSPECTED
from records.numbers import number
from records.outage import ACTIVE, Cause, Outage, OutageState
from records.people import Role
from storage.database import Row, Transaction
from storage.events import happened
from storage.rows import among, clean, micros, moment

_ACTIVE = ", ".join(f"'{state.value}'" for state in ACTIVE)
_OUTAGES = (
    "SELECT outages.*, (SELECT COUNT(*) FROM sightings WHERE sightings.outage = outages.id) AS reports FROM outages"
)


class Sighted(Struct, frozen=True, kw_only=True):
    """One report on the network."""

    id: int
    report: int
    at: datetime
    who: str
    path: tuple[str, ...]
    outage: int | None = None
    apart: int | None = None  # the outage that a person took it out of: it raises nothing


def sighted(tx: Transaction, report: int, at: datetime, who: str, path: Sequence[str]) -> None:
    """Keep where a report is, once; a later version of it changes nothing."""
    tx.run(
        "INSERT INTO sightings (report, at, who, path) VALUES (:report, :at, :who, :path)"
        " ON CONFLICT (report) DO NOTHING",
        report=report, at=micros(at), who=clean(who)[:200], path=msgspec.json.encode(path).decode(),
    )  # fmt: skip


def sightings(tx: Transaction, after: int, since: datetime, limit: int = 1000) -> list[Sighted]:
    """List what was sighted since, behind the row `after`, as it was kept."""
    rows = tx.all(
        "SELECT * FROM sightings WHERE id > :after AND at > :since ORDER BY id LIMIT :limit",
        after=after, since=micros(since), limit=limit,
    )  # fmt: skip
    return list(map(_sighted, rows))


def quiet(tx: Transaction, since: datetime) -> list[Sighted]:
    """List what was sighted since, by time, without what belongs to outages that people confirmed."""
    rows = tx.all(
        "SELECT * FROM sightings WHERE at > :since AND NOT EXISTS (SELECT 1 FROM outages"
        " WHERE outages.id = sightings.outage AND outages.cause IS NOT NULL) ORDER BY at, id",
        since=micros(since),
    )
    return list(map(_sighted, rows))


def count(tx: Transaction, one: Sighted, hour: int) -> None:
    """Count a report that belongs to no outage as usual for every node above it, once."""
    fresh = "UPDATE sightings SET hour = :hour WHERE id = :id AND hour IS NULL AND outage IS NULL"
    if tx.run(fresh, id=one.id, hour=hour):
        _add(tx, one.path, hour, 1)


def _add(tx: Transaction, path: Sequence[str], hour: int, number: int) -> None:
    for node in path:
        tx.run(
            "INSERT INTO sighting_counts (node, hour, count) VALUES (:node, :hour, :number)"
            " ON CONFLICT (node, hour) DO UPDATE SET count = sighting_counts.count + :number",
            node=clean(node), hour=hour, number=number,
        )  # fmt: skip


def counts(tx: Transaction) -> tuple[dict[tuple[str, int], int], datetime | None]:
    """Give what is usual, by node and hour of the week, and since when it is counted."""
    found = {(row["node"], row["hour"]): row["count"] for row in tx.all("SELECT * FROM sighting_counts")}
    first = tx.one("SELECT MIN(at) AS at FROM sightings")
    return found, moment(first["at"]) if first and first["at"] else None


def open_outage(tx: Transaction, outage: Outage, reports: Sequence[int]) -> int | None:
    """Keep a suspicion and its reports; None where an active outage has a node of its path already."""
    if any(not set(known.path).isdisjoint({outage.node}) or known.node in outage.path for known in active(tx)):
        return None
    row = tx.one(
        "INSERT INTO outages (node, name, path, state, since, seen_at, score, expected)"
        " VALUES (:node, :name, :path, 'suspected', :since, :seen, :score, :expected)"
        " ON CONFLICT DO NOTHING RETURNING id",
        node=clean(outage.node), name=clean(outage.name), path=msgspec.json.encode(outage.path).decode(),
        since=micros(outage.since), seen=micros(outage.seen_at), score=outage.score, expected=outage.expected,
    )  # fmt: skip
    if row is None:
        return None
    join(tx, int(row["id"]), reports, outage.seen_at, outage.name)
    return int(row["id"])


def join(
    tx: Transaction, outage: int, reports: Sequence[int], at: datetime, name: str, by: str = "watch"
) -> int:  # fmt: skip
    """Let reports belong to an outage, and be no more counted as usual; each has it in its story; gives how many.

    Left out are a master, what belongs to another outage, and what a person has taken out of this one.
    """
    if not reports:
        return 0
    wanted, values = among(reports)
    sql = (
        "SELECT report, path, hour FROM sightings WHERE outage IS NULL AND (apart IS NULL OR apart <> :outage)"  # noqa: S608
        f" AND report IN {wanted} AND NOT EXISTS (SELECT 1 FROM outages WHERE outages.master = sightings.report)"
    )
    fresh = tx.all(sql, outage=outage, **values)
    for row in fresh:
        sql = "UPDATE sightings SET outage = :outage, hour = NULL, apart = NULL WHERE report = :report"
        tx.run(sql, outage=outage, report=row["report"])
        if row["hour"] is not None:
            _add(tx, msgspec.json.decode(row["path"], type=tuple[str, ...]), row["hour"], -1)
        happened(tx, row["report"], at, by, "belongs to an outage", name)
    if fresh:
        _warn(tx, outage, fresh[0]["report"], name, at)
    return len(fresh)


def _warn(tx: Transaction, outage: int, report: int, name: str, at: datetime) -> None:
    """Warn the seniors of a suspected outage, once, by its first report."""
    suspected = tx.one("SELECT 1 FROM outages WHERE id = :id AND state = 'suspected'", id=outage)
    of_it = "SELECT 1 FROM warnings WHERE stage = :stage AND round = :outage"
    if suspected is None or tx.one(of_it, stage=SUSPECTED, outage=outage):
        return
    tx.run(
        "INSERT INTO warnings (report, kind, round, stage, at, due_at, role, note)"
        " VALUES (:report, 'answer', :outage, :stage, :at, :at, :role, :name)",
        report=report, outage=outage, stage=SUSPECTED, at=micros(at), role=Role.SENIOR.value, name=clean(name),
    )  # fmt: skip


def put_in(tx: Transaction, one: Outage, report: int, by: str, at: datetime) -> None:
    """Let a person add a report to an outage. Raises LookupError where it belongs to another one, or is a master."""
    row = tx.one("SELECT received_at FROM reports WHERE id = :id", id=report)
    if row is None:
        raise LookupError("there is no such report")
    sighted(tx, report, moment(row["received_at"]), f"report {report}", one.path)
    tx.run("UPDATE sightings SET apart = NULL WHERE report = :report AND apart = :outage", report=report, outage=one.id)
    if not join(tx, one.id, [report], at, one.name, by):
        raise LookupError("it belongs to an outage already")


def take_out(tx: Transaction, one: Outage, report: int, by: str, at: datetime) -> None:
    """Let a person take a report out of an outage: it is an ordinary one. Raises LookupError where it is not in it."""
    sql = "UPDATE sightings SET outage = NULL, apart = :outage, told = 0 WHERE report = :report AND outage = :outage"
    if not tx.run(sql, outage=one.id, report=report):
        raise LookupError("it does not belong to this outage")
    happened(tx, report, at, by, "taken out of an outage", one.name)


def near(tx: Transaction, since: datetime) -> list[tuple[str, ...]]:
    """Give the path of every report that was sighted since."""
    rows = tx.all("SELECT path FROM sightings WHERE at > :since", since=micros(since))
    return [msgspec.json.decode(row["path"], type=tuple[str, ...]) for row in rows]


def active(tx: Transaction) -> list[Outage]:
    """List the outages that are not over, the newest first."""
    return [_outage(row) for row in tx.all(f"{_OUTAGES} WHERE state IN ({_ACTIVE}) ORDER BY id DESC")]


def outages(tx: Transaction, limit: int = 50) -> list[Outage]:
    """List outages, the newest first."""
    return [_outage(row) for row in tx.all(f"{_OUTAGES} ORDER BY id DESC LIMIT :limit", limit=limit)]


def outage(tx: Transaction, row_id: int) -> Outage | None:
    """Give one outage."""
    row = tx.one(f"{_OUTAGES} WHERE id = :id", id=row_id)
    return _outage(row) if row else None


def outage_of(tx: Transaction, report: int) -> Outage | None:
    """Give the outage that a report belongs to."""
    row = tx.one("SELECT outage FROM sightings WHERE report = :report", report=report)
    return outage(tx, row["outage"]) if row and row["outage"] is not None else None


def reports_of(tx: Transaction, row_id: int) -> list[tuple[int, str]]:
    """List the reports that belong to an outage: row and number, the first one first."""
    rows = tx.all(
        "SELECT reports.id, reports.received_at FROM sightings JOIN reports ON reports.id = sightings.report"
        " WHERE sightings.outage = :outage ORDER BY sightings.at, reports.id",
        outage=row_id,
    )
    return [(row["id"], number(row["id"], moment(row["received_at"]))) for row in rows]


def confirm(
    tx: Transaction, row_id: int, cause: Cause, expected_end: datetime, master: int, by: str, at: datetime
) -> Outage:  # fmt: skip
    """Let a person confirm an outage, and name the report that stands for all of it; that one belongs to no outage.

    Said once more it tells another cause or end; its master stays. Raises as `decide`.
    """
    decide(tx, row_id, OutageState.CONFIRMED, by, at)
    tx.run(
        "UPDATE outages SET cause = :cause, expected_end = :until, master = COALESCE(master, :master) WHERE id = :id",
        cause=cause.value, until=micros(expected_end), master=master, id=row_id,
    )  # fmt: skip
    tx.run(
        "UPDATE sightings SET outage = NULL, apart = :id WHERE report = (SELECT master FROM outages WHERE id = :id)",
        id=row_id,
    )
    found = outage(tx, row_id)
    if found is None:
        raise LookupError("there is no outage of this number")
    return found


def decide(tx: Transaction, row_id: int, state: OutageState, by: str, at: datetime) -> Outage:
    """Let a person confirm, dismiss or end an outage. Raises LookupError where it is over or there is none."""
    ended = micros(at) if state not in ACTIVE else None
    where = f"WHERE id = :id AND state IN ({_ACTIVE})"
    sql = f"UPDATE outages SET state = :state, decided_by = :by, ended_at = :ended {where}"  # noqa: S608
    changed = tx.run(sql, state=state.value, by=by, ended=ended, id=row_id)
    found = outage(tx, row_id)
    if not changed or found is None:
        raise LookupError("this outage is over, or there is none of this number")
    tx.run(
        "UPDATE warnings SET done_at = :at, done_by = :by WHERE stage = :stage AND round = :id AND done_at IS NULL",
        at=micros(at), by=by, stage=SUSPECTED, id=row_id,
    )  # fmt: skip
    if state is OutageState.DISMISSED:  # its reports are ordinary ones, and raise nothing again
        tx.run("UPDATE sightings SET outage = NULL, apart = :id WHERE outage = :id", id=row_id)
    if state is OutageState.OVER and found.cause is None:  # nobody was told of it
        tx.run("UPDATE sightings SET told = 2 WHERE outage = :id", id=row_id)
    return found


def _sighted(row: Row) -> Sighted:
    return Sighted(
        id=row["id"], report=row["report"], at=moment(row["at"]), who=row["who"],
        path=msgspec.json.decode(row["path"], type=tuple[str, ...]), outage=row["outage"], apart=row["apart"],
    )  # fmt: skip


def _outage(row: Row) -> Outage:
    return Outage(
        id=row["id"], node=row["node"], name=row["name"], path=msgspec.json.decode(row["path"], type=tuple[str, ...]),
        state=OutageState(row["state"]), since=moment(row["since"]), seen_at=moment(row["seen_at"]),
        score=row["score"], expected=row["expected"], reports=row["reports"], master=row["master"],
        decided_by=row["decided_by"], ended_at=moment(row["ended_at"]) if row["ended_at"] else None,
        cause=Cause(row["cause"]) if row["cause"] else None,
        expected_end=moment(row["expected_end"]) if row["expected_end"] else None,
        monitored_at=moment(row["monitored_at"]) if row["monitored_at"] else None, monitoring=row["monitoring"],
        up=bool(row["up"]),
    )  # fmt: skip
