"""Files written into plain text: uuencode (POSIX) and yEnc (yenc.org, version 1.3). Nothing is ever written out."""

import binascii
import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

_BEGIN: Final = re.compile(
    rb"^(?:begin [0-7]{3,4} (?P<uu>[^\r\n]{1,300})|=ybegin [^\r\n]{0,200}?name=(?P<yenc>[^\r\n]{1,300}))"
    rb"\r{0,8}(?:\n|\Z)",
    re.MULTILINE,
)
_LINE: Final = re.compile(rb"([^\r\n]*+)(?:\r{0,8}\n|\r|\Z)")
_UU_DATA: Final = re.compile(rb"[ -`]{1,100}")
_YENC: Final = bytes((value - 42) % 256 for value in range(256))
_YESCAPED: Final = re.compile(rb"=(.)", re.DOTALL)


class Inlined(Struct, frozen=True, kw_only=True):
    """A file that stands in a text from `start` to `end`."""

    name: bytes
    content: bytes
    start: int
    end: int
    problem: str | None = None


def find(text: bytes) -> list[Inlined]:
    """Find the files in a text, in order; what only begins like one is none."""
    if b"begin " not in text:
        return []
    found: list[Inlined] = []
    at = 0
    while begin := _BEGIN.search(text, at):
        file = _uuencoded(text, begin) if begin["uu"] else _yencoded(text, begin)
        at = begin.end()
        if file.content:
            found.append(file)
            at = file.end
    return found


def without(text: bytes, files: Sequence[Inlined]) -> bytes:
    """Give the text without the files in it."""
    at, kept = 0, []
    for file in files:
        kept.append(text[at : file.start])
        at = file.end
    return b"".join((*kept, text[at:]))


def _uuencoded(text: bytes, begin: re.Match[bytes]) -> Inlined:
    """Decode up to "end", or to the second line in a row that is no data."""
    decoded, at, wrong, problem = bytearray(), begin.end(), 0, "damaged uuencode"
    while wrong < 2 and at < len(text) and (line := _LINE.match(text, at)):
        data = line[1].rstrip()  # what belongs there is put back
        if data == b"end":
            at, problem = line.end(), "" if not wrong else problem
            break
        part = _uu_line(data or b" ")
        wrong = wrong + 1 if part is None else 0
        decoded += part or b""
        at = line.end()
    return Inlined(
        name=begin["uu"].strip(), content=bytes(decoded), start=begin.start(), end=at, problem=problem or None
    )


def _uu_line(line: bytes) -> bytes | None:
    """Decode one line; None where it is no data. Spaces at its end are data that was lost on the way."""
    if not _UU_DATA.fullmatch(line):
        return None
    expected = (((line[0] - 32) & 63) + 2) // 3 * 4 + 1
    try:
        return None if len(line) > expected + 1 else binascii.a2b_uu(line[:expected].ljust(expected))
    except binascii.Error:
        return None


def _yencoded(text: bytes, begin: re.Match[bytes]) -> Inlined:
    """Decode up to "=yend"; without one, up to the end of the text."""
    closing = text.find(b"\n=yend", begin.end() - 1)
    line = _LINE.match(text, closing + 1) if closing >= 0 else None
    body = text[begin.end() : closing if closing >= 0 else len(text)]
    if body.startswith(b"=ypart ") and (part := _LINE.match(body)):
        body = body[part.end() :]
    plain = _YESCAPED.sub(lambda pair: bytes(((pair[1][0] - 64) % 256,)), body.translate(None, b"\r\n"))
    return Inlined(
        name=begin["yenc"].strip(),
        content=plain.translate(_YENC),
        start=begin.start(),
        end=line.end() if line else len(text),
        problem=None if line else "damaged yEnc",
    )
