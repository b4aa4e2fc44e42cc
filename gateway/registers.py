"""`faultgate register`: the operator's lists of nodes, houses and subscribers, loaded from CSV by file or by HTTP."""

import csv
import io
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import fields

from config.backends import checked_url
from config.settings import Settings
from gateway.listing import archive, table
from normalizer.fields.envelopes import plausible
from records.registers import House, Node, Subscriber
from storage import registers
from storage.database import Database

Entry = Node | House | Subscriber
KINDS: dict[str, type[Entry]] = {"nodes": Node, "houses": House, "subscribers": Subscriber}
CHUNK = 1000  # rows of one commit: no door waits longer for it
LARGEST = 500_000_000  # bytes of a file
TOLD = 10  # bad lines that are named
WORST = 0.05  # share of bad lines from which on the file is refused
PATIENCE = 60.0  # seconds without a byte
_REGION = "RU"


def load(settings: Settings, name: str, source: str) -> int:
    """Load a register; it counts once all of it is there. Raises LookupError with the remedy, and changes nothing."""
    rows, wrong = read(name, _content(source))
    for told in wrong[:TOLD]:
        print(told, file=sys.stderr)
    if not rows or len(wrong) > WORST * (len(rows) + len(wrong)):
        raise LookupError(f"{len(wrong)} lines of {len(rows) + len(wrong)} are wrong: the register stays as it was")
    with archive(settings) as database:
        keep(database, name, rows, source, datetime.now(UTC))
    print(f"{name}: {len(rows)} rows" + (f"; {len(wrong)} wrong lines were left out" if wrong else ""))
    return 0


def list_registers(settings: Settings) -> int:
    """Tell which registers are loaded."""
    with archive(settings) as database, database.read() as tx:
        found = registers.loaded(tx)
    rows = [(one.name, str(one.rows), f"{one.at:%Y-%m-%d %H:%M}", one.source) for one in found.values()]
    sys.stdout.write(table([("register", "rows", "loaded (UTC)", "from"), *rows]))
    return 0


def keep(database: Database, name: str, rows: Sequence[Entry], source: str, at: datetime) -> None:
    """Put rows in the place of a register, in many commits of which the last one makes them count."""
    number = database.write(partial(registers.begin, name=name))
    for place in range(0, len(rows), CHUNK):
        database.write(partial(registers.add, load=number, rows=rows[place : place + CHUNK]))
    database.write(partial(registers.take, name=name, load=number, rows=len(rows), source=source, at=at))


def read(name: str, content: bytes) -> tuple[list[Entry], list[str]]:
    """Read a CSV: the rows, and what is wrong with the others. Raises LookupError where its columns are not known.

    The first line names the columns; comma, semicolon or tab between them; UTF-8 or Windows-1251. Telephone numbers
    may be written in any way.
    """
    kind, text = KINDS[name], _decoded(content)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    lines = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    _check_columns(kind, lines.fieldnames or ())
    rows: list[Entry] = []
    wrong: list[str] = []
    for line in lines:
        values = {key: value.strip() for key, value in line.items() if key and isinstance(value, str) and value.strip()}
        try:
            rows.append(msgspec.convert(_spelt(values), kind, strict=False))
        except (msgspec.ValidationError, ValueError) as error:
            wrong.append(f"line {lines.line_num}: {error}")
    return rows, wrong


def _check_columns(kind: type[Entry], given: Sequence[str]) -> None:
    known = {field.name: field.required for field in fields(kind)}
    missing = [name for name, required in known.items() if required and name not in given]
    strange = [name for name in given if name not in known]
    if missing or strange:
        problem = f"column {missing[0]} is missing" if missing else f"no column is named {strange[0]!r}"
        raise LookupError(f"{problem}: the first line names the columns, of {', '.join(known)}")


def _spelt(values: dict[str, str]) -> dict[str, str]:
    """Spell telephone numbers in E.164. Raises ValueError for what is none."""
    for name in ("phone", "line"):
        if name in values:
            number = plausible(values[name], _REGION)
            if number is None:
                raise ValueError(f"{name} is no telephone number")
            values[name] = number
    return values


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", "replace")


def _content(source: str) -> bytes:
    """Read a file, or what an address gives. Raises LookupError with the remedy."""
    try:
        if source.partition("://")[0] in ("http", "https"):
            checked_url("SOURCE", source)
            return b"".join(_fetched(source))
        return Path(source).read_bytes()
    except ValueError as error:
        raise LookupError(str(error)) from error
    except OSError as error:
        reason = getattr(error, "reason", None) or error.strerror or error
        raise LookupError(f"{source}: {reason}: the register stays as it was") from error


def _fetched(url: str) -> Iterator[bytes]:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - checked: http on loopback, else https
        left = LARGEST
        while chunk := answer.read(min(left, 1_000_000)):
            left -= len(chunk)
            if left <= 0:
                raise ValueError(f"{url}: more than {LARGEST} bytes")
            yield chunk
