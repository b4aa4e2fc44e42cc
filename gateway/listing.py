"""`faultgate records`, `show` and `export`: what is stored, for people and programs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

import msgspec

from config.settings import Settings
from records.numbers import report_of
from records.orders import TicketOrder
from records.words import Order
from storage.content import original
from storage.database import Database
from storage.opening import open_database, open_originals
from storage.orders import orders
from storage.records import Kept, kept
from storage.statuses import status
from storage.story import Line, line, lines, story

HEADINGS = ("number", "channel", "order", "service", "disposition", "time left", "ticket", "about")
MOST = 100_000  # reports in one list
_ABOUT = 48  # characters of the description in a list


def list_records(settings: Settings, order: str | None, since: datetime | None, *, as_json: bool) -> int:
    """List what is stored; JSON gives each record's public form, with `tickets` and, while unread, only its times."""
    if order is not None and order not in list(Order):
        raise LookupError(f"no order is named {order}: there are {', '.join(Order)}")
    zone = ZoneInfo(settings.gateway.zone)
    since = since if since is None or since.tzinfo else since.replace(tzinfo=zone)
    with archive(settings) as database, database.read() as tx:
        found = lines(tx, since, order, MOST)
    if as_json:
        for one in found:
            sys.stdout.write(msgspec.json.encode(_public(one)).decode() + "\n")
    else:
        sys.stdout.write(table([HEADINGS, *(row(one, datetime.now(UTC)) for one in found)]))
    if len(found) == MOST:
        print(f"only the {MOST} that are due first: narrow it with --since or --order", file=sys.stderr)
    return 0


def show(settings: Settings, record_id: str) -> int:
    """Tell one report's whole story."""
    zone = ZoneInfo(settings.gateway.zone)
    with archive(settings) as database, database.read() as tx:
        report = find(database, record_id)
        told, chapters = line(tx, report.report), story(tx, report.report)
        stands, ordered = status(tx, report.report), orders(tx, report.report)
    print = sys.stdout.write  # noqa: A001 - one way out
    left = time_left(told, datetime.now(UTC))
    print(f"{told.id}  due {told.due_at.astimezone(zone):%Y-%m-%d %H:%M}  {left}  {stands}\n\n")
    print(
        table(
            [
                (f"{one.at.astimezone(zone):%Y-%m-%d %H:%M:%S}", one.actor, one.what, one.detail or "")
                for one in chapters
            ]
        )
    )
    if ordered:
        print("\n" + table([_order(one, zone) for one in ordered]))
    if told.record is not None:
        print("\n" + msgspec.json.format(msgspec.json.encode(told.record), indent=2).decode() + "\n")
    return 0


def _order(one: TicketOrder, zone: ZoneInfo) -> tuple[str, ...]:
    """Give one order as a line: what it is, for whose ticket, from which report, how it ended."""
    kind = str(one.__struct_config__.tag).replace("_", " ")
    ticket = f"{one.backend}: {one.ticket}" if one.ticket else one.backend
    made = f"{one.made_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return made, f"{kind} order", f"from {one.report}", f"for {one.original}", ticket, one.state, one.reason or ""


def export(settings: Settings, record_id: str) -> int:
    """Write the byte-exact original to standard output."""
    with archive(settings) as database, database.read() as tx:
        report = find(database, record_id)
        content = original(tx, open_originals(settings.gateway, settings.storage), report.sha256)
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return 0


def row(line: Line, now: datetime) -> tuple[str, ...]:
    """Give one line of the list."""
    record = line.record
    if record is None:
        return (line.id, line.channel, "not read yet", "", "", time_left(line, now), "", "")
    about = " ".join((record.description or "").split())
    return (
        line.id, line.channel, record.order.value, record.service or "-", record.classification.disposition or "-",
        time_left(line, now), ", ".join(line.tickets) or "-", about[:_ABOUT] + ("…" if len(about) > _ABOUT else ""),
    )  # fmt: skip


def time_left(line: Line, now: datetime) -> str:
    """Tell how much of a report's time is left, or was left when its record was done: then the clock stood still."""
    left = line.due_at - (line.settled_at or now)
    sign = "-" if left < timedelta() else ""
    seconds = abs(left) // timedelta(seconds=1)
    text = f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{text} when done" if line.settled_at else text


def table(rows: list[tuple[str, ...]]) -> str:
    """Lay rows out in columns; a Chinese character takes two places."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)] if rows else []
    return "".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(one, widths, strict=True)).rstrip() + "\n"
        for one in rows
    )


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _public(line: Line) -> dict[str, object]:
    if line.record is None:
        return {
            "id": line.id, "order": None, "channel": line.channel, "received_at": line.received_at,
            "due_at": line.due_at, "tickets": [],
        }  # fmt: skip
    return {**msgspec.to_builtins(line.record, builtin_types=(datetime,)), "tickets": list(line.tickets)}


def find(database: Database, record_id: str) -> Kept:
    """Give the report with a public number; raises LookupError where there is none."""
    row_id = report_of(record_id)
    with database.read() as tx:
        found = kept(tx, row_id) if row_id is not None else None
    if found is None or found.id != record_id.upper():
        raise LookupError(f"{record_id} is not in the archive: `faultgate records` lists what is")
    return found


@contextmanager
def archive(settings: Settings) -> Iterator[Database]:
    """Open what is stored; raises LookupError where nothing is yet."""
    if settings.storage.url is None and not (Path(settings.gateway.data) / "faultgate.db").exists():
        raise LookupError(f"nothing is stored in {settings.gateway.data} yet: start with `faultgate run`")
    database = open_database(settings.gateway, settings.storage)
    try:
        yield database
    finally:
        database.close()
