"""Outlook's winmail.dat (TNEF, [MS-OXTNEF]): the files and the text in it. Read by offsets, nothing is executed."""

import struct
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from normalizer.readers import charsets, rtf
from normalizer.readers.limits import TNEF_ATTRIBUTES

SIGNATURE: Final = b"\x78\x9f\x3e\x22"
_BODY, _DATA, _TITLE, _RENDERING = 0x800C, 0x800F, 0x8010, 0x9002  # attributes, section 2.1.3.2
_PROPERTIES, _ATTACHMENT, _CODEPAGE = 0x9003, 0x9005, 0x9007
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _CONTENT = 0x3707, 0x3704, 0x3001, 0x3701  # properties, [MS-OXPROPS]
_TEXT, _RTF, _HTML = 0x1000, 0x1009, 0x1013
_FIXED: Final = {0x02: 4, 0x0B: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_SHORT: Final = frozenset({0x02, 0x0B})
_VARIABLE: Final = frozenset({0x0D, 0x1E, 0x1F, 0x102})
_MESSAGE_OBJECT: Final = bytes.fromhex("0703020000000000c000000000000046")
_DEEPEST: Final = 5


class File(Struct, kw_only=True):
    """One file in it; `content` stays None where nothing came."""

    name: str | None = None
    content: bytes | None = None


class Outlook(Struct, kw_only=True):
    """All that was found."""

    files: list[File]
    text: str = ""
    html: str = ""
    problem: str | None = None


def read(content: bytes, depth: int = 0) -> Outlook:
    """Read as far as it goes; what is damaged is said in `problem`."""
    found, codepage = Outlook(files=[]), "cp1252"
    if not content.startswith(SIGNATURE):
        return Outlook(files=[], problem="damaged winmail.dat")
    try:
        for attribute, data in _attributes(content):
            if attribute == _CODEPAGE:
                codepage = f"cp{struct.unpack_from('<I', data)[0]}"
            elif attribute == _RENDERING or (attribute in {_TITLE, _DATA, _ATTACHMENT} and not found.files):
                found.files.append(File())
            _take(found, attribute, data, codepage, depth)
    except (struct.error, ValueError, IndexError):
        found.problem = "damaged winmail.dat"
    found.files = [file for file in found.files if file.content is not None]
    return found


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Go over the attributes: level, id, type, length, data, checksum; rubbish at the end ends it."""
    at = 6
    for _ in range(TNEF_ATTRIBUTES):
        if at + 11 > len(content) or content[at] not in {1, 2}:
            return
        attribute, _kind, length = struct.unpack_from("<HHI", content, at + 1)
        if at + 9 + length > len(content):
            raise ValueError
        yield attribute, content[at + 9 : at + 9 + length]
        at += 11 + length


def _take(found: Outlook, attribute: int, data: bytes, codepage: str, depth: int) -> None:
    """Take one attribute to where it belongs."""
    if attribute == _BODY:
        found.text = found.text or _string(data, codepage)
    elif attribute == _PROPERTIES:
        _take_message(found, dict(_properties(data, codepage)), codepage)
    elif attribute == _TITLE:
        found.files[-1].name = found.files[-1].name or _string(data, codepage)
    elif attribute == _DATA:
        found.files[-1].content = data
    elif attribute == _ATTACHMENT:
        _take_file(found, dict(_properties(data, codepage)), depth)


def _take_message(found: Outlook, properties: dict[int, bytes], codepage: str) -> None:
    if _TEXT in properties:
        found.text = found.text or _string(properties[_TEXT], "utf-8")
    if _HTML in properties:
        found.html = charsets.decode(properties[_HTML], codepage).text
    if _RTF in properties and (document := rtf.decompress(properties[_RTF])):
        found.text = found.text or ("" if found.html else rtf.text(document))
        found.files.insert(0, File(name="body.rtf", content=document))


def _take_file(found: Outlook, properties: dict[int, bytes], depth: int) -> None:
    file = found.files[-1]
    named = next((properties[key] for key in (_LONG_NAME, _SHORT_NAME) if properties.get(key)), None)
    if named or not file.name:
        file.name = _string(named or properties.get(_DISPLAY_NAME, b""), "utf-8") or file.name
    data = properties.get(_CONTENT)
    if data is None:
        return
    file.content = data
    if data.startswith(_MESSAGE_OBJECT):
        file.content = data[16:]
        if depth < _DEEPEST:
            inner = read(file.content, depth + 1)
            found.text = "\n\n".join(text for text in (found.text, inner.text) if text)
            found.files += inner.files
            found.files.append(File())  # what follows is no longer of the inner ones


def _properties(data: bytes, codepage: str) -> Iterator[tuple[int, bytes]]:
    """Go over MAPI properties (section 2.1.3.4); strings are given in UTF-8, of several values the first."""
    (count,) = struct.unpack_from("<I", data)
    at = 4
    for _ in range(min(count, TNEF_ATTRIBUTES)):
        kind, key = struct.unpack_from("<HH", data, at)
        at += 4
        if key >= 0x8000:  # named: a GUID, and a number or a text
            by_name, size = struct.unpack_from("<II", data, at + 16)
            at += 24 + (_padded(size) if by_name else 0)
        several, kind = kind & 0x1000, kind & 0x0FFF
        amount = 1
        if several or kind in _VARIABLE:
            (amount,) = struct.unpack_from("<I", data, at)
            at += 4
        if kind in _FIXED:
            size = _FIXED[kind] if kind not in _SHORT or not several else 2
            at += _padded(size * amount)
            continue
        if kind not in _VARIABLE:
            raise ValueError
        for index in range(min(amount, TNEF_ATTRIBUTES)):
            (size,) = struct.unpack_from("<I", data, at)
            if at + 4 + size > len(data):
                raise ValueError
            if index == 0:
                yield key, _utf8(data[at + 4 : at + 4 + size], kind, codepage)
            at += 4 + _padded(size)


def _utf8(value: bytes, kind: int, codepage: str) -> bytes:
    if kind == 0x1F:
        return value.decode("utf-16-le", "replace").rstrip("\0").encode()
    return _string(value, codepage).encode() if kind == 0x1E else value


def _string(value: bytes, codepage: str) -> str:
    return charsets.decode(value.rstrip(b"\0"), codepage).text


def _padded(size: int) -> int:
    return (size + 3) // 4 * 4
