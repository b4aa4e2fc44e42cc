"""The structure of a mail: header fields and the regions of its parts (RFC 5322, RFC 2046), found without recursion.

Parts are regions of the one original, so that an attached message keeps its exact bytes and nothing is copied twice.
Outer boundaries win over inner ones. Time is linear in the size of a region, whatever it holds.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from normalizer.readers.limits import FIELD_BYTES, HEADER_BYTES, HEADER_LINES, PARAMETERS

_LINE_END: Final = re.compile(rb"\r{0,8}\n|\r")  # a CR alone ends a line too
_BLANK_LINE: Final = re.compile(rb"\n\r{0,8}\n|\r\r(?!\r{0,8}\n)")
_EMPTY: Final = re.compile(rb"[\r\n]*+")
_FIELD: Final = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,200}:")
_ENVELOPE: Final = re.compile(rb">?From ")  # of an mbox
_KNOWN: Final = re.compile(
    rb"(?:From|To|Cc|Subject|Date|Message-ID|Received|Return-Path|Reply-To|Sender|MIME-Version|Delivered-To|"
    rb"In-Reply-To|References|DKIM-Signature|(?:Content|X|List)-[A-Za-z0-9-]{1,60})[ \t]{0,9}:",
    re.IGNORECASE,
)
_PARAMETER: Final = re.compile(r';\s*+([^\s=;"]{1,80})\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"|([^;]*+))', re.DOTALL)
_GUESS: Final = re.compile(rb"^--([!-~]{1,200})[ \t]{0,9}\r{0,8}\n(?=Content-[A-Za-z-]{1,40}:|\r{0,8}\n)", re.MULTILINE)
EXACT: Final = re.compile(rb"(--)?[ \t]{0,200}(?:\r{0,8}\n|\r|\Z)")  # what ends the line of a boundary
LENIENT: Final = re.compile(rb"(--)?(?:[ \t][^\r\n]{0,998})?(?:\r{0,8}\n|\r|\Z)")


class Parameterised(Struct, frozen=True):
    """The value of a field such as Content-Type in lower case, and its parameters by lower-case name (RFC 2045)."""

    value: str
    parameters: Mapping[str, str]  # values are Latin-1 of the bytes as sent: undecoded


class Entity(Struct, frozen=True, kw_only=True):
    """One message or part: header fields, and the region of its body in the original."""

    fields: Mapping[str, tuple[bytes, ...]]  # lower-case names; values unfolded, undecoded
    content: bytes  # all of the original
    start: int  # of the body
    end: int
    cut: bool = False  # the header section goes on beyond the limits

    def raw(self, name: str) -> bytes:
        """Give the first field of this name, empty where there is none."""
        values = self.fields.get(name)
        return values[0] if values else b""

    @property
    def body(self) -> bytes:
        """Copy the body, as it was transferred."""
        return self.content[self.start : self.end]


def entity(content: bytes, start: int = 0, end: int | None = None) -> Entity:
    """Read the header section of the message or part in a region."""
    end = len(content) if end is None else end
    if start == 0 and (empty := _EMPTY.match(content)) and _KNOWN.match(content, empty.end()):
        start = empty.end()
    lines, body, cut = _lines(content, start, end)
    fields, stopped = _fields(content, lines)
    return Entity(
        fields={name: tuple(values) for name, values in fields.items()},
        content=content,
        start=body if stopped is None else stopped,
        end=end,
        cut=cut,
    )


def _lines(content: bytes, start: int, end: int) -> tuple[list[tuple[int, int]], int, bool]:
    """Find the lines of a header section, where the body starts, and whether the section was cut at the limits."""
    lines: list[tuple[int, int]] = []
    at, capped = start, min(end, start + HEADER_BYTES)
    for found in _LINE_END.finditer(content, start, capped):
        if found.start() == at:
            return lines, found.end(), False
        if len(lines) == HEADER_LINES:
            break
        lines.append((at, found.start()))
        at = found.end()
    else:
        if capped == end:
            return ([*lines, (at, end)] if at < end else lines), end, False
    if len(lines) < HEADER_LINES:
        lines.append((at, capped))
    blank = _BLANK_LINE.search(content, at, end)
    return lines, blank.end() if blank else end, True


def _fields(content: bytes, lines: list[tuple[int, int]]) -> tuple[dict[str, list[bytes]], int | None]:
    """Read the fields; also give the place of a line from which on there are none, for there the body starts."""
    fields: dict[str, list[bytes]] = {}
    values: list[bytes] = []
    last = max((index for index, (start, _) in enumerate(lines) if _KNOWN.match(content, start)), default=-1)
    for index, (start, end) in enumerate(lines):
        if values and content[start] in b" \t":
            values[-1] = (values[-1] + b" " + content[start:end].strip())[:FIELD_BYTES]
        elif _ENVELOPE.match(content, start, end):
            continue
        elif found := _FIELD.match(content, start, end):
            values = fields.setdefault(found[1].decode("ascii").lower(), [])
            values.append(content[found.end() : min(end, found.end() + FIELD_BYTES)].strip())
        elif index > last and not (values and values[-1].endswith(b";")):
            return fields, start
        elif values:  # wrapped without the space that should stand first
            values[-1] = (values[-1] + b" " + content[start:end].strip())[:FIELD_BYTES]
    return fields, None


def parameterised(raw: bytes) -> Parameterised:
    """Take a field value apart, whatever stands between its semicolons."""
    text = raw.decode("latin-1")
    value, _, rest = text.partition(";")
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(";" + rest):
        name, quoted, bare = match.groups()
        plain = re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if quoted is not None else bare.strip().strip('"')
        found.setdefault(name.lower(), plain)
        if len(found) == PARAMETERS:
            break
    return Parameterised(value.strip().lower(), found)


def parts(whole: Entity, boundary: str, tail: re.Pattern[bytes] = EXACT) -> Iterator[Entity]:
    """Find the parts of a multipart body one after another; none where no boundary line stands in it.

    Goes on behind a closing boundary where another one follows, for it may have closed nothing. `tail` says what may
    follow on the line of a boundary.
    """
    content, starts = whole.content, -1
    for before, after, closes in _delimiters(whole, boundary, tail):
        if starts >= 0:
            yield entity(content, starts, max(starts, before))
        starts = -1 if closes else after
    if 0 <= starts < whole.end:
        yield entity(content, starts, whole.end)


def guessed_boundary(whole: Entity) -> str | None:
    """Find what looks like a boundary line where the field does not name the right one."""
    found = _GUESS.search(whole.content, whole.start, min(whole.end, whole.start + FIELD_BYTES))
    return found[1].decode("latin-1") if found else None


def _delimiters(whole: Entity, boundary: str, tail: re.Pattern[bytes]) -> Iterator[tuple[int, int, bool]]:
    """Find boundary lines: where the text before ends, where the line ends, and whether it is a closing one."""
    mark = b"--" + boundary.rstrip().encode("latin-1", "replace")
    content, at = whole.content, whole.start
    while (at := content.find(mark, at, whole.end)) >= 0:
        found = tail.match(content, at + len(mark), whole.end)
        if found and (at == whole.start or content[at - 1] in b"\r\n"):
            yield _line_start(content, at, whole.start), found.end(), bool(found[1])
            at = found.end()
        else:
            at += len(mark)


def _line_start(content: bytes, at: int, lowest: int) -> int:
    """Step back over the line end before a boundary, which belongs to the boundary (RFC 2046 section 5.1.1)."""
    if at > lowest and content[at - 1 : at] == b"\n":
        at -= 1
    return at - 1 if at > lowest and content[at - 1 : at] == b"\r" else at
