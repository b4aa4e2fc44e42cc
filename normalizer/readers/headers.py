"""Header fields to text: encoded words (RFC 2047), raw bytes of any charset, addresses, identifiers, dates."""

import binascii
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from normalizer.readers import addresses, charsets, transfer
from normalizer.readers.clean import clean, clean_line
from normalizer.readers.limits import DECODED_BYTES, PARAMETERS
from normalizer.readers.mime import Parameterised
from records.reading import Mailbox

#: Spaces in an encoded word are forbidden, and written.
_WORD: Final = re.compile(r"=\?([^?\s]{1,80})\?([BbQq])\?([^?]*+(?:\?(?!=)[^?]*+){0,9})\?=")
_ID: Final = re.compile(r"<[^<>\s]{1,990}>")
_CONTINUED: Final = re.compile(r"(.{1,60}?)\*(\d{1,3})?(\*)?")
_PERCENT: Final = re.compile(rb"%([0-9A-Fa-f]{2})")


def text(raw: bytes, length: int = 2_000, hint: str | None = None) -> str:
    """Give one clean line of at most `length` characters."""
    return clean_line(decoded(raw[:DECODED_BYTES], hint), length)


def decoded(raw: bytes, hint: str | None = None) -> str:
    """Decode the encoded words and the raw bytes of a field; `hint`: the charset of the body."""
    if b"=?" not in raw:
        return raw.decode("ascii") if raw.isascii() else charsets.decode(raw, None, hint).text
    pieces: list[tuple[str | None, bytes]] = []  # charset, bytes; None: not encoded
    at, latin = 0, raw.decode("latin-1")
    for word in _WORD.finditer(latin):
        between = latin[at : word.start()]
        if between.strip() or (between and not (pieces and pieces[-1][0])):
            pieces.append((None, between.encode("latin-1")))
        charset, content = word[1].partition("*")[0], _word_bytes(word[2], word[3])
        if pieces and pieces[-1][0] == charset:  # words may part a sign of several bytes
            pieces[-1] = (charset, pieces[-1][1] + content)
        else:
            pieces.append((charset, content))
        at = word.end()
    pieces.append((None, latin[at:].encode("latin-1")))
    return "".join(charsets.decode(content, charset, hint).text for charset, content in pieces)


def _word_bytes(encoding: str, content: str) -> bytes:
    if encoding in "Bb":
        return transfer.base64(content.encode("latin-1"))[0]
    return binascii.a2b_qp(content.encode("latin-1"), header=True)


def parameter(field: Parameterised, name: str, hint: str | None = None) -> str | None:
    """Give one parameter as text: RFC 2231, or the encoded words and raw bytes that are sent in its place."""
    sections: dict[int, tuple[bool, bytes]] = {}
    for key, value in field.parameters.items():
        found = _CONTINUED.fullmatch(key)
        if found and found[1] == name:
            sections[int(found[2] or 0)] = (bool(found[3]) or not found[2], value.encode("latin-1"))
    if sections:
        return _joined([sections[number] for number in sorted(sections)[:PARAMETERS]])
    plain = field.parameters.get(name)
    return None if plain is None else decoded(plain.encode("latin-1"), hint)


def _joined(sections: list[tuple[bool, bytes]]) -> str:
    """Join the sections of a parameter (RFC 2231 section 3); the first may name the charset."""
    encoded, first = sections[0]
    charset = None
    if encoded and first.count(b"'") >= 2:
        name, _, first = first.split(b"'", 2)
        charset = name.decode("latin-1")
    pieces = [(encoded, first), *sections[1:]]
    whole = b"".join(_unpercent(piece) if is_encoded else piece for is_encoded, piece in pieces)
    return decoded(whole) if b"=?" in whole else charsets.decode(whole, charset).text


def _unpercent(value: bytes) -> bytes:
    return _PERCENT.sub(lambda code: bytes.fromhex(code[1].decode()), value)


def identifiers(raw: bytes) -> list[str]:
    """Give the message identifiers of a field (RFC 5322 section 3.6.4), with their angle brackets."""
    latin = raw.decode("latin-1")
    found = _ID.findall(latin) or [f"<{word.strip('<>')}>" for word in latin.split()[:1] if word.strip("<>")]
    return [clean(identifier)[:998] for identifier in dict.fromkeys(found)]


def date(raw: bytes) -> str | None:
    """Give a Date field in ISO 8601, None where it can't be read. No zone is taken as UTC."""
    try:
        moment = parsedate_to_datetime(raw[:200].decode("latin-1"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def mailboxes(raw: bytes, hint: str | None = None) -> list[Mailbox]:
    """Give the mailboxes of an address field, at most one more than the limit; empty groups give none."""
    found = addresses.mailboxes(raw.decode("latin-1"), lambda latin: decoded(latin.encode("latin-1"), hint))
    if b"=?" in raw and not any(box.address for box in found):  # the whole field in one encoded word
        return addresses.mailboxes(decoded(raw[:DECODED_BYTES], hint), str) or found
    return found
