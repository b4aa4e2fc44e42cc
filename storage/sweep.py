"""What is looked after every few seconds: nearing due times are raised, the window of resends is kept short."""

from datetime import datetime, timedelta

from records.numbers import number
from storage.database import Transaction
from storage.rows import among, micros, moment

#: Parts of the time from arrival to due after which what is unfinished is raised, and the event's name.
STAGES = ((1.0, "overdue"), (0.75, "three quarters of its time gone"), (0.5, "half of its time gone"))
_MANY = 200  # alarms of one sweep; the next one raises the rest
_OPEN = timedelta(hours=1)  # for which somebody has a report open without a sign of life


def sweep(tx: Transaction, now: datetime, resends: timedelta) -> list[str]:
    """Raise each stage of each report once, as an event of its story; gives the alarms' texts.

    At its due time what is unfinished is the seniors'.
    """
    tx.run(
        "DELETE FROM arrivals WHERE at < :before"  # old mail may have come in just now, and come again after a crash
        " AND EXISTS (SELECT 1 FROM reports WHERE id = arrivals.report AND kept_at < :before)",
        before=micros(now - resends),
    )
    tx.run(
        "UPDATE standings SET taken_by = NULL, taken_at = NULL WHERE taken_by IS NOT NULL AND taken_at < :before",
        before=micros(now - _OPEN),
    )
    return [alarm for part, what in STAGES for alarm in _raise(tx, now, part, what)]


def _raise(tx: Transaction, now: datetime, part: float, what: str) -> list[str]:
    rows = tx.all(
        "SELECT report, received_at FROM standings WHERE state <> 'settled'"
        " AND received_at + (due_at - received_at) * :percent / 100 <= :now"
        " AND NOT EXISTS (SELECT 1 FROM events WHERE events.report = standings.report AND events.what IN"
        " ('overdue', :what)) ORDER BY due_at, report LIMIT :many",
        percent=int(part * 100), now=micros(now), what=what, many=_MANY,
    )  # fmt: skip
    if rows:
        _mark(tx, [row["report"] for row in rows], now, what, seniors=part >= 1)
    return [f"{number(row['report'], moment(row['received_at']))}: {what}, and it is not finished" for row in rows]


def _mark(tx: Transaction, reports: list[int], now: datetime, what: str, *, seniors: bool) -> None:
    these, values = among(reports)
    tx.run(
        "INSERT INTO events (report, at, actor, what) SELECT report, CAST(:at AS BIGINT), 'clock',"  # noqa: S608 - names of ours
        f" CAST(:what AS TEXT) FROM standings WHERE report IN {these}",
        at=micros(now), what=what, **values,
    )  # fmt: skip
    if seniors:
        tx.run(f"UPDATE standings SET level = 'senior' WHERE report IN {these}", **values)  # noqa: S608
