"""A partner's mail as lines of cells, whatever its kind: text, HTML tables, CSV, XLSX, iCalendar, JSON, XML.

Every kind comes down to the same, so that a template only names labels: a row of a table, a `label: value` line, a
property of a calendar, a key of a document.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, Final, NamedTuple
from zipfile import BadZipFile

from selectolax.lexbor import LexborHTMLParser

from normalizer.readers import charsets, headers, hypertext, magic, mime, transfer
from normalizer.readers.clean import clean
from normalizer.readers.mime import Entity

#: One line: its cells, clean and without spaces around them.
Line = tuple[str, ...]

LINES: Final = 4_000  # of one mail
CELL: Final = 1_000  # characters
_CELLS: Final = 60  # of one line
_BYTES: Final = 3_000_000  # of one part
_PARTS: Final = 60
_DEPTH: Final = 12
_PAGE: Final = 100_000  # characters of a page in which tables are looked for: its tree costs little
_PARTED: Final = re.compile(r"\t+|[ \xa0]{2,}")
_BARE_TAG: Final = re.compile(r"\A\{[^{}]{0,200}\}")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Lines(NamedTuple):
    """The lines of a mail: tables and files say for sure which word belongs to which; an empty line ends each."""

    sure: list[Line]
    text: list[Line]


def lines(content: bytes) -> Lines:
    """Give the lines of a mail."""
    sure: list[Line] = []
    text: list[Line] = []
    for kind, reader in islice(_read(mime.entity(content), 0), _PARTS):
        if kind == "text/plain":
            text += islice(filter(None, map(_tidy, reader)), LINES - len(text))
        else:
            sure += islice(map(_tidy, chain(reader, [()])), LINES - len(sure))
    return Lines(sure, text)


def kinds(content: bytes) -> list[str]:
    """Give the media types of the bodies and files that can be read, each once."""
    return list(dict.fromkeys(kind for kind, _ in islice(_read(mime.entity(content), 0), _PARTS)))


def _tidy(cells: Iterable[str]) -> Line:
    """Give cells as a person reads them; empty ones on the right are none."""
    tidy = [" ".join(clean(cell[: 4 * CELL]).split())[:CELL].strip("*\"' ") for cell in islice(cells, _CELLS)]
    while tidy and not tidy[-1]:
        tidy.pop()
    return tuple(tidy)


def _read(entity: Entity, depth: int) -> Iterator[tuple[str, Iterator[Iterable[str]]]]:
    """Find what can be read in a mail: a kind and its lines, not yet taken."""
    field = mime.parameterised(entity.raw("content-type"))
    if depth < _DEPTH and field.value.startswith("multipart/"):
        for child in mime.parts(entity, field.parameters.get("boundary", "")):
            yield from _read(child, depth + 1)
        return
    content, _ = transfer.decode(entity.body, entity.raw("content-transfer-encoding"))
    if depth < _DEPTH and field.value == "message/rfc822":
        yield from _read(mime.entity(content), depth + 1)
        return
    name = headers.parameter(mime.parameterised(entity.raw("content-disposition")), "filename") or ""
    kind = _kind(content, field.value, (name or headers.parameter(field, "name") or "").lower())
    if kind == "text/html":
        page = charsets.decode(content[:_BYTES], field.parameters.get("charset")).text
        yield "text/html", _table_rows(page)
        yield "text/plain", _text(hypertext.read(page).text)
    elif kind in _READERS:
        yield kind, _READERS[kind](content[:_BYTES], field.parameters.get("charset"))


def _kind(content: bytes, named: str, name: str) -> str:
    """Tell the type of a part: its name counts more than its label where both are text."""
    kind = magic.media_type(content, named or "text/plain")
    if kind.startswith("text/html"):
        return "text/html"
    ending = name.rpartition(".")[2]
    return _ENDINGS.get(ending, kind) if kind.startswith(("text/", "application/octet")) or "json" in kind else kind


def _text(text: str) -> Iterator[Iterable[str]]:
    for line in text.split("\n"):
        yield _PARTED.split(line.strip())


def _plain(content: bytes, charset: str | None) -> Iterator[Iterable[str]]:
    yield from _text(charsets.decode(content, charset).text)


def _table_rows(page: str) -> Iterator[Iterable[str]]:
    """Give the rows of a page's innermost tables that have more than one cell."""
    table = None
    for row in LexborHTMLParser(page[:_PAGE]).css("tr"):
        cells = [cell for cell in row.iter() if cell.tag in {"td", "th"}]
        inside = row.parent.mem_id if row.parent else None
        if inside != table:
            yield ()
        table = inside
        if len(cells) > 1 and row.css_first("table") is None:
            yield [cell.text(separator=" ") for cell in cells[:_CELLS]]


def _csv(content: bytes, charset: str | None) -> Iterator[Iterable[str]]:
    text = charsets.decode(content, charset).text
    head = text.partition("\n")[0][: 10 * CELL]
    delimiter = max("\t;,|", key=head.count)
    rows = csv.reader((line[: 10 * CELL] for line in text.split("\n")), delimiter=delimiter)
    while True:
        try:
            yield next(rows)
        except csv.Error:
            continue
        except StopIteration:
            return


def _excel(content: bytes, _: str | None) -> Iterator[Iterable[str]]:
    """Give the filled rows of every visible sheet; nothing of one that is damaged or locked."""
    from normalizer.readers.office_package import Encrypted, Oversized, package
    from normalizer.readers.office_sheets import grids

    try:
        sheets = grids(package(content))
    except (Encrypted, Oversized, BadZipFile, KeyError, ValueError, OSError):
        return
    for sheet in sheets:
        yield from sheet
        yield ()


def _calendar(content: bytes, charset: str | None) -> Iterator[Iterable[str]]:
    """Give the properties of the events of a calendar (RFC 5545): name, value; a time zone stands behind its time."""
    text = re.sub(r"\r?\n[ \t]", "", charsets.decode(content, charset).text)
    inside = False
    for line in text.splitlines():
        name, _, value = line.partition(":")
        name, _, parameters = name.partition(";")
        inside = line.strip() == "BEGIN:VEVENT" or (inside and line.strip() != "END:VEVENT")
        if inside and value:
            zone = re.search(r"TZID=([\w/+-]{1,40})", parameters)
            plain = value.replace("\\n", " ").replace("\\,", ",").replace("\\;", ";")
            yield name, f"{plain} {zone[1]}" if zone else plain


def _json(content: bytes, _: str | None) -> Iterator[Iterable[str]]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return
    yield from _leaves("", document)


def _leaves(key: str, value: Any) -> Iterator[Iterable[str]]:
    """Give key and value of everything in a document, in order; depth is what the parser allows."""
    below = [(key, value)]
    while below:
        key, value = below.pop()
        if isinstance(value, dict):
            below += reversed([(str(name), inner) for name, inner in value.items()])
        elif isinstance(value, list):
            below += reversed([(key, inner) for inner in value[:LINES]])
        elif isinstance(value, (str, int)):
            yield _CAMEL.sub(" ", key), str(value)


def _xml(content: bytes, _: str | None) -> Iterator[Iterable[str]]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return
    for element in root.iter():
        for name, value in ((element.tag, element.text or ""), *element.attrib.items()):
            if value.strip():
                yield _CAMEL.sub(" ", _BARE_TAG.sub("", str(name))), value


_READERS: Final[dict[str, Callable[[bytes, str | None], Iterator[Iterable[str]]]]] = {
    "text/plain": _plain, "text/csv": _csv, "text/calendar": _calendar, "application/json": _json,
    "application/xml": _xml, "text/xml": _xml,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _excel,
}  # fmt: skip
_ENDINGS: Final = {
    "csv": "text/csv", "tsv": "text/csv", "ics": "text/calendar", "json": "application/json", "xml": "application/xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
