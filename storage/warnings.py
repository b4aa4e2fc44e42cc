"""Who is warned of what: the lists of the desk, and the notices that leave the house, each warning in one of them."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from records.clocks import SUSPECTED, Notice, Promise, Warned
from records.deliveries import Delivery, Verb
from records.numbers import number
from records.people import Role
from records.tasks import Step
from storage import tasks
from storage.database import Row, Transaction
from storage.deliveries import add_delivery
from storage.events import happened
from storage.rows import micros, moment

LINES = 30  # warnings told one by one in a notice
_PATIENCE = timedelta(hours=1)  # for which a notice is tried


class OpenWarning(Struct, frozen=True, kw_only=True):
    """One warning that nobody has dealt with, of a promise that is still held to."""

    warning: int  # the row
    report: int  # the row
    role: Role
    at: datetime
    told: Warned


def open_warnings(tx: Transaction, roles: Collection[Role], limit: int) -> list[OpenWarning]:
    """List what people of these roles are warned of, the first due first."""
    names = {f"role{place}": role.value for place, role in enumerate(roles)}
    rows = tx.all(
        "SELECT warnings.*, reports.received_at FROM warnings JOIN reports ON reports.id = warnings.report"  # noqa: S608 - names of ours
        f" WHERE done_at IS NULL AND role IN ({', '.join(f':{name}' for name in names)})"
        " ORDER BY warnings.due_at, warnings.id LIMIT :limit",
        limit=limit, **names,
    )  # fmt: skip
    return [
        OpenWarning(
            warning=row["id"], report=row["report"], role=Role(row["role"]), at=moment(row["at"]), told=_told(row)
        )
        for row in rows
    ]


def counted(tx: Transaction) -> Mapping[Role, int]:
    """Count the open warnings by role."""
    rows = tx.all("SELECT role, COUNT(*) AS n FROM warnings WHERE done_at IS NULL GROUP BY role")
    return {Role(row["role"]): row["n"] for row in rows}


def dealt_with(
    tx: Transaction, warning: int, roles: Collection[Role], login: str, at: datetime
) -> int | None:  # fmt: skip
    """Take a warning off the lists; gives its report, None where it is on none of these roles' lists."""
    names = {f"role{place}": role.value for place, role in enumerate(roles)}
    row = tx.one(
        "UPDATE warnings SET done_at = :at, done_by = :login WHERE id = :id AND done_at IS NULL"  # noqa: S608 - names of ours
        f" AND role IN ({', '.join(f':{name}' for name in names)}) RETURNING report, kind",
        id=warning, at=micros(at), login=login, **names,
    )  # fmt: skip
    if row is None:
        return None
    happened(tx, row["report"], at, login, "warning dealt with", row["kind"])
    return int(row["report"])


def notify(tx: Transaction, now: datetime, routes: Mapping[str, Role], pause: timedelta) -> int:
    """Put what was not told yet into a notice for each route of its role; gives the number of notices.

    A role gets one notice in each `pause`: what comes in between is told in one, however much it is.
    """
    wired = set(routes.values())
    made = 0
    for role in Role:
        if role not in wired:
            tx.run("UPDATE warnings SET sent_at = at WHERE sent_at IS NULL AND role = :role", role=role.value)
        elif not _too_soon(tx, role, now, pause):
            made += _notify(tx, role, [name for name, its in routes.items() if its is role], now)
    return made


def _too_soon(tx: Transaction, role: Role, now: datetime, pause: timedelta) -> bool:
    row = tx.one("SELECT MAX(sent_at) AS at FROM warnings WHERE role = :role AND sent_at IS NOT NULL", role=role.value)
    last = moment(row["at"]) if row and row["at"] is not None else None
    return last is not None and timedelta() <= now - last < pause  # a clock that was set back keeps nobody waiting


def _notify(tx: Transaction, role: Role, routes: Collection[str], now: datetime) -> int:
    rows = tx.all(
        "SELECT warnings.*, reports.received_at FROM warnings JOIN reports ON reports.id = warnings.report"
        " WHERE sent_at IS NULL AND role = :role ORDER BY warnings.due_at, warnings.id",
        role=role.value,
    )
    if not rows:
        return 0
    tx.run(
        "UPDATE warnings SET sent_at = :now WHERE sent_at IS NULL AND role = :role", now=micros(now), role=role.value
    )
    current = [row for row in rows if row["done_at"] is None]
    if not current:
        return 0
    notice = Notice(role=role, lines=tuple(map(_told, current[:LINES])), more=len(current[LINES:]))
    for name in routes:
        _send(tx, name, notice, current[0]["report"], max(row["id"] for row in rows), now)
    return len(routes)


def _send(tx: Transaction, route: str, notice: Notice, report: int, last: int, now: datetime) -> None:
    key = f"{Verb.WARN}/{route}/{notice.role}/{last}"
    delivery = Delivery(id=0, report=report, verb=Verb.WARN, backend=route, key=key, notice=notice)
    row = add_delivery(tx, delivery, micros(now))
    if row is not None:
        tasks.add(tx, Step.DELIVER, row, "clock", micros(now + _PATIENCE))


def _told(row: Row) -> Warned:
    return Warned(
        id=number(row["report"], moment(row["received_at"])), promise=Promise(row["kind"]), stage=row["stage"],
        due_at=moment(row["due_at"]), note=row["note"],
        outage=row["round"] if row["stage"] == SUSPECTED else None,
    )  # fmt: skip
