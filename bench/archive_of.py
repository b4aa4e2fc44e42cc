"""An archive of many plausible reports, made in minutes: as the road leaves them, but in bulk.

    python -m bench.archive_of FOLDER [--reports 100000] [--postgres URL]

A report in fifty is open still: unread, before a clerk or a senior, or asked. The words are invented; the index cards
and the words of the search are made by the archive itself.
"""

import argparse
import hashlib
import itertools
import random
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from config.settings import Gateway, Storage
from records.numbers import number
from records.record import Affected, Classification, FaultRecord, OriginalRef, PostalAddress, Reporter
from records.standing import State
from records.words import Disposition, Order, Review, Service, Symptom, Urgency
from storage.database import Database, Transaction
from storage.opening import open_database, prepare
from storage.rows import micros
from storage.words import words_of

#: Who reports, in the desk's languages; each is found in one report of so many.
NAMES = (
    "Соколова Галина", "Петров Иван", "Кузнецова Анна", "Смирнов Пётр", "Волкова Ольга", "Зайцев Артём", "王小明",
    "李伟", "张丽华", "刘洋", "Bianchi Niccolò", "Rossi Giulia", "Esposito Carla", "O'Brien Maeve", "Walker Tom",
)  # fmt: skip
_STREETS = ("Айская", "Ленина", "проспект Октября", "文三路", "via Garibaldi", "Station Road", "Московское шоссе")
_CITIES = ("Уфа", "Пенза", "杭州", "Roma", "Leeds", "Казань")
_TEXTS = (
    "Третий день не работает интернет, на терминале горит красная лампочка LOS. Перезагружали, не помогло.",
    "Телефон молчит, нет гудка. Соседи тоже жалуются. Прошу прислать мастера в удобное время после работы.",
    "宽带不通,光猫红灯一直闪烁,重启以后还是不行,请尽快派人处理。",
    "La linea cade ogni sera verso le nove, la televisione si blocca e il telefono fa rumore.",
    "No dial tone since Tuesday and the broadband is slow; the router was changed last month.",
    "Медленный интернет по вечерам, видео останавливается, скорость по договору сто мегабит.",
)
_DUE = timedelta(hours=2)
_CHUNK = 500  # reports of one commit
_OPEN = 50  # one report in so many is not settled


def number_of(report: int, reports: int, now: datetime) -> str:
    """Give the public number of a report of an archive of so many, made at `now`."""
    return number(report, _arrived(report, reports, now))


def archive_of(database: Database, reports: int, now: datetime) -> None:
    """Fill an empty, prepared archive; the last report came at `now`, each other 40 seconds before the next."""
    chance = random.Random(4711)
    numbers = iter(range(1, reports + 1))
    while chunk := list(itertools.islice(numbers, _CHUNK)):
        database.write(partial(_fill, chunk=chunk, reports=reports, now=now, chance=chance))


def _arrived(report: int, reports: int, now: datetime) -> datetime:
    return now - timedelta(seconds=40 * (reports - report))


def _fill(tx: Transaction, chunk: list[int], reports: int, now: datetime, chance: random.Random) -> None:
    rows: dict[str, list[dict[str, Any]]] = {}
    for report in chunk:
        at = _arrived(report, reports, now)
        made, state = _record(report, at, chance), _state(report, chance)
        for table, values in (*_rows(report, made, micros(at)), ("standings", _card(report, made, state))):
            rows.setdefault(table, []).append(values)
    for table, many in rows.items():
        _insert(tx, table, many)
    for row in rows["records"]:
        tx.index(row["report"], words_of(msgspec.json.decode(row["body"], type=FaultRecord)))


def _card(report: int, made: FaultRecord, state: State) -> dict[str, Any]:
    """Write a report's index card as `storage.cards` does."""
    return {
        "report": report, "channel": made.channel, "received_at": micros(made.received_at),
        "due_at": micros(made.due_at), "state": state.value, "level": "clerk", "version": int(state != State.UNREAD),
        "settled_at": micros(made.received_at) + 3_000_000 if state is State.SETTLED else None,
        "order_kind": made.order.value, "service": made.service, "disposition": made.classification.disposition,
        "urgency": made.urgency.value, "reporter": made.reporter.name, "about": made.description or "",
        "reviews": msgspec.json.encode(made.needs_review).decode(), "tickets": 1,
    }  # fmt: skip


def _state(report: int, chance: random.Random) -> State:
    if report % _OPEN:
        return State.SETTLED
    return chance.choices((State.UNREAD, State.REVIEW, State.ASKED), (1, 7, 2))[0]


def _record(report: int, at: datetime, chance: random.Random) -> FaultRecord:
    text = " ".join(chance.sample(_TEXTS, 2)) + f" {chance.randrange(10**6)}"
    digits = f"{chance.randrange(10**9):09d}"
    return FaultRecord(
        id=number(report, at), order=chance.choice((Order.REPORT,) * 8 + (Order.FOLLOW_UP, Order.NOT_A_FAULT)),
        channel=chance.choice(("mail", "mail", "fax", "scans", "upload", "walk_in")), received_at=at,
        due_at=at + _DUE, language="ru", description=text,
        reporter=Reporter(name=chance.choice(NAMES), phone=f"+79{digits}", email=f"customer{report}@mail.example"),
        affected=Affected(
            account=f"{chance.randrange(10**4):04d}-{chance.randrange(10**5):05d}",
            address=PostalAddress(
                city=chance.choice(_CITIES), street=chance.choice(_STREETS), house=str(chance.randrange(1, 150)),
                flat=str(chance.randrange(1, 300)),
            ),
        ),
        service=chance.choice(list(Service)), symptom=chance.choice(list(Symptom)),
        urgency=Urgency.URGENT if chance.random() < 0.03 else Urgency.NORMAL,
        needs_review=(Review.LOW_OCR_CONFIDENCE,) if report % _OPEN == 0 else (),
        original=OriginalRef(media_type="message/rfc822", size=len(text), sha256="0" * 64),
        classification=Classification(disposition=chance.choice(list(Disposition))),
    )  # fmt: skip


def _rows(report: int, made: FaultRecord, at: int) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Give what the road writes: original, report, version, decision, ticket and its end."""
    content = (made.description or "").encode()
    sha256, due = hashlib.sha256(content + str(report).encode()).hexdigest(), micros(made.due_at)
    bare = replace(made, classification=Classification())
    return (
        ("originals", {"sha256": sha256, "size": len(content), "body": content}),
        ("reports", {"channel": made.channel, "media_type": "message/rfc822", "sha256": sha256, "size": len(content),
                     "received_at": at, "due_at": due, "kept_at": at, "envelope": "{}"}),
        ("records", {"report": report, "version": 1, "made_at": at, "order_kind": made.order.value,
                     "email": made.reporter.email, "body": msgspec.json.encode(bare).decode()}),
        ("decisions", {"report": report, "version": 1, "made_at": at,
                       "body": msgspec.json.encode(made.classification).decode()}),
        ("deliveries", {"report": report, "verb": "create", "backend": "desk", "key": f"create/desk/{made.id}",
                        "made_at": at, "body": "{}", "opens": report}),
        ("outcomes", {"delivery": report, "state": "delivered", "external_id": f"OPS-{report}", "at": at}),
        ("events", {"report": report, "at": at, "actor": "door", "what": "arrived again"}),
    )  # fmt: skip


def _insert(tx: Transaction, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert many rows by one statement."""
    names = ", ".join(rows[0])
    marks = ", ".join(f"({', '.join(f':{name}_{place}' for name in row)})" for place, row in enumerate(rows))
    values = {f"{name}_{place}": value for place, row in enumerate(rows) for name, value in row.items()}
    tx.run(f"INSERT INTO {table} ({names}) VALUES {marks}", **values)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--reports", type=int, default=100_000)
    options.add_argument("--postgres", help="the address of an empty database; otherwise SQLite in the folder")
    given = options.parse_args()
    gateway, storage = Gateway(data=str(given.folder)), Storage(url=given.postgres, min_free=0)
    prepare(gateway, storage)
    database, began = open_database(gateway, storage), time.monotonic()
    archive_of(database, given.reports, datetime.now(UTC))
    database.close()
    print(f"{given.reports} reports in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
