"""The desk's queue: where every report stands, read from its index card."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from records.numbers import number
from records.standing import Level, Standing, State
from records.words import Disposition, Order, Review, Service, Urgency
from storage.database import Row, Transaction
from storage.rows import among, micros, moment


class Filter(Struct, frozen=True, kw_only=True):
    """What is wanted of the queue; None and empty: whatever it is. Without `states`, all that is not settled."""

    states: tuple[State, ...] = ()
    level: Level | None = None
    channel: str | None = None
    order: Order | None = None
    service: Service | None = None
    disposition: Disposition | None = None
    urgency: Urgency | None = None
    taken_by: str | None = None


class Counts(Struct, frozen=True, kw_only=True):
    """How many reports stand where."""

    states: Mapping[str, int]  # by "state/level", as "review/clerk", and "settled"; those that there are
    overdue: int  # unfinished, and past their due time
    total: int


def queue(tx: Transaction, wanted: Filter, limit: int, after: tuple[int, int] | None = None) -> list[Standing]:
    """List reports by what is left of their time, the first due first; settled ones, where wanted, the newest first.

    An urgent mark changes no place: the time from arrival is promised to all. `after`: due time in microseconds and
    report of the last one seen, to go on behind it.
    """
    settled = State.SETTLED in wanted.states
    where, values = _conditions(wanted)
    if after is not None:
        where.append(f"(due_at, report) {'<' if settled else '>'} (:due, :after)")
        values |= {"due": after[0], "after": after[1]}
    way = "DESC" if settled else "ASC"
    rows = tx.all(
        f"SELECT * FROM standings WHERE {' AND '.join(where)} ORDER BY due_at {way}, report {way} LIMIT :limit",  # noqa: S608 - our own words
        limit=limit, **values,
    )  # fmt: skip
    return [standing_of(row) for row in rows]


def _conditions(wanted: Filter) -> tuple[list[str], dict[str, Any]]:
    """Give the conditions and their values; the columns' names are our own words."""
    values: dict[str, Any] = {f"state{place}": state.value for place, state in enumerate(wanted.states)}
    where = [f"state IN ({', '.join(f':{name}' for name in values)})"] if values else []
    if State.SETTLED not in wanted.states:
        where.insert(0, "state <> 'settled'")  # the partial index's own words
    columns = {
        "level": wanted.level, "channel": wanted.channel, "order_kind": wanted.order, "service": wanted.service,
        "disposition": wanted.disposition, "urgency": wanted.urgency, "taken_by": wanted.taken_by,
    }  # fmt: skip
    for column, value in columns.items():
        if value is not None:
            where.append(f"{column} = :{column}")
            values[column] = str(value)
    return where, values


def counts(tx: Transaction, now: datetime) -> Counts:
    """Count the reports by state and level. What is settled is not told by level: nobody looks through all of it."""
    rows = tx.all(
        "SELECT state, level, COUNT(*) AS n, SUM(CASE WHEN due_at <= :now THEN 1 ELSE 0 END) AS late FROM standings"
        " WHERE state <> 'settled' GROUP BY state, level",
        now=micros(now),
    )
    states = {f"{row['state']}/{row['level']}": row["n"] for row in rows}
    row = tx.one("SELECT COUNT(*) AS n FROM standings")
    total = int(row["n"]) if row else 0
    settled = total - sum(states.values())
    return Counts(
        states={**states, "settled": settled} if settled else states, overdue=sum(int(row["late"]) for row in rows),
        total=total,
    )  # fmt: skip


def standing(tx: Transaction, report: int) -> Standing | None:
    """Tell where one report stands; None where there is no such report."""
    row = tx.one("SELECT * FROM standings WHERE report = :report", report=report)
    return standing_of(row) if row else None


def these(tx: Transaction, reports: Sequence[int]) -> list[Standing]:
    """Tell where some reports stand, in their order; those that there are not are left out."""
    if not reports:
        return []
    wanted, values = among(reports)
    rows = tx.all(f"SELECT * FROM standings WHERE report IN {wanted}", **values)  # noqa: S608 - names of ours
    found = {row["report"]: standing_of(row) for row in rows}
    return [found[report] for report in reports if report in found]


def take(tx: Transaction, report: int, login: str, at: datetime) -> None:
    """Tell the others that somebody has it open; it locks nobody out. The sweep forgets it after an hour."""
    sql = "UPDATE standings SET taken_by = :login, taken_at = :at WHERE report = :report"
    tx.run(sql, login=login, at=micros(at), report=report)


def release(tx: Transaction, report: int, login: str) -> None:
    """Tell the others that he has it open no more; where another has it by now, nothing changes."""
    sql = "UPDATE standings SET taken_by = NULL, taken_at = NULL WHERE report = :report AND taken_by = :login"
    tx.run(sql, report=report, login=login)


def standing_of(row: Row) -> Standing:
    """Read an index card."""
    received_at = moment(row["received_at"])
    return Standing(
        report=row["report"], id=number(row["report"], received_at), channel=row["channel"], received_at=received_at,
        due_at=moment(row["due_at"]), state=State(row["state"]), level=Level(row["level"]),
        settled_at=moment(row["settled_at"]) if row["settled_at"] else None, version=row["version"],
        order=Order(row["order_kind"]) if row["order_kind"] else None,
        service=Service(row["service"]) if row["service"] else None,
        disposition=Disposition(row["disposition"]) if row["disposition"] else None, urgency=Urgency(row["urgency"]),
        reporter=row["reporter"], about=row["about"],
        reviews=msgspec.json.decode(row["reviews"], type=tuple[Review, ...]),
        remark=row["remark"], taken_by=row["taken_by"], tickets=row["tickets"],
    )  # fmt: skip
