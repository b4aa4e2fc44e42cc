"""Where reports were on the network, and the outages that were suspected over them."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from records.numbers import number
from records.outage import ACTIVE, Outage, OutageState
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
    return [
        Sighted(
            id=row["id"], report=row["report"], at=moment(row["at"]), who=row["who"],
            path=msgspec.json.decode(row["path"], type=tuple[str, ...]), outage=row["outage"],
        )
        for row in rows
    ]  # fmt: skip


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


def join(tx: Transaction, outage: int, reports: Sequence[int], at: datetime, name: str) -> None:
    """Let reports belong to an outage, and be no more counted as usual; each has it in its story."""
    if not reports:
        return
    wanted, values = among(reports)
    sql = f"SELECT report, path, hour FROM sightings WHERE outage IS NULL AND report IN {wanted}"  # noqa: S608
    fresh = tx.all(sql, **values)
    sql = f"UPDATE sightings SET outage = :outage, hour = NULL WHERE outage IS NULL AND report IN {wanted}"  # noqa: S608
    tx.run(sql, outage=outage, **values)
    for row in fresh:
        if row["hour"] is not None:
            _add(tx, msgspec.json.decode(row["path"], type=tuple[str, ...]), row["hour"], -1)
        happened(tx, row["report"], at, "watch", "belongs to an outage", name)


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


def decide(tx: Transaction, row_id: int, state: OutageState, by: str, at: datetime) -> Outage:
    """Let a person confirm, dismiss or end an outage. Raises LookupError where it is over or there is none."""
    ended = micros(at) if state not in ACTIVE else None
    where = f"WHERE id = :id AND state IN ({_ACTIVE})"
    sql = f"UPDATE outages SET state = :state, decided_by = :by, ended_at = :ended {where}"  # noqa: S608
    changed = tx.run(sql, state=state.value, by=by, ended=ended, id=row_id)
    found = outage(tx, row_id)
    if not changed or found is None:
        raise LookupError("this outage is over, or there is none of this number")
    if state is OutageState.DISMISSED:  # its reports are ordinary ones
        tx.run("UPDATE sightings SET outage = NULL WHERE outage = :id", id=row_id)
    return found


def _outage(row: Row) -> Outage:
    return Outage(
        id=row["id"], node=row["node"], name=row["name"], path=msgspec.json.decode(row["path"], type=tuple[str, ...]),
        state=OutageState(row["state"]), since=moment(row["since"]), seen_at=moment(row["seen_at"]),
        score=row["score"], expected=row["expected"], reports=row["reports"], master=row["master"],
        decided_by=row["decided_by"], ended_at=moment(row["ended_at"]) if row["ended_at"] else None,
    )  # fmt: skip
