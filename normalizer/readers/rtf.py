"""Rich text as Outlook packs it into winmail.dat: unpacking ([MS-OXRTFCP]), and the words in it."""

import re
import struct
from typing import Final

_PRESET: Final = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW: Final = 4096
_LARGEST: Final = 4_000_000  # bytes of an unpacked document
_TOKEN: Final = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,9})?[ ]?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<group>[{}])|[\r\n]|(?P<plain>[^\\{}\r\n]+)",
    re.DOTALL,
)
_SILENT: Final = frozenset(b"fonttbl colortbl stylesheet info pict object header footer themedata datastore".split())
_CHARACTERS: Final = {b"par": "\n", b"line": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t", b"endash": "–",
    b"emdash": "—", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•"}  # fmt: skip


def decompress(packed: bytes) -> bytes:
    """Unpack a compressed document, as far as it goes; empty where it is none."""
    if len(packed) < 16:
        return b""
    _size, raw_size, kind = struct.unpack_from("<II4s", packed)
    if kind == b"MELA":
        return packed[16 : 16 + raw_size]
    if kind != b"LZFu":
        return b""
    out, at, goal = bytearray(_PRESET), 16, len(_PRESET) + min(raw_size, _LARGEST)
    while at < len(packed) and len(out) < goal:
        flags = packed[at]
        at += 1
        for bit in range(8):
            if at >= len(packed) or len(out) >= goal:
                break
            if not flags >> bit & 1:
                out.append(packed[at])
                at += 1
                continue
            if at + 2 > len(packed):
                return bytes(out[len(_PRESET) :])
            reference = packed[at] << 8 | packed[at + 1]
            at += 2
            back = (len(out) - (reference >> 4)) % _WINDOW
            if back == 0:  # points at itself: the end
                return bytes(out[len(_PRESET) :])
            for _ in range((reference & 15) + 2):
                out.append(out[len(out) - back] if back <= len(out) else 0x20)
    return bytes(out[len(_PRESET) : goal])


def text(document: bytes) -> str:
    """Give the words of a rich text: those of an HTML page wrapped into it, too, without its tags."""
    out: list[str] = []
    silent: list[bool] = [False]
    codepage, skipped, html = "cp1252", 0, False
    for token in _TOKEN.finditer(document):
        if group := token["group"]:
            silent = [*silent, silent[-1]] if group == b"{" and len(silent) < 500 else silent[:-1] or [False]
        elif word := token["word"]:
            if word == b"ansicpg":
                codepage = f"cp{int(token['number'] or 1252)}"
            elif word == b"htmlrtf":
                html = token["number"] != b"0"
            elif word in _SILENT:
                silent[-1] = True
            elif word == b"u" and token["number"] and not silent[-1]:
                out.append(chr(int(token["number"]) % 0x10000))
                skipped = 1
            elif not silent[-1] and not html:
                out.append(_CHARACTERS.get(word, ""))
        elif token["sign"] == b"*":
            silent[-1] = True
        elif silent[-1] or html:
            continue
        elif skipped and (token["byte"] or token["plain"]):  # what stands for those who can't read \u
            skipped = 0
            out.append((token["plain"] or b"")[1:].decode("latin-1"))
        else:
            raw = bytes.fromhex(token["byte"].decode()) if token["byte"] else token["plain"] or b""
            out.append(f"\0{raw.hex()}\0" if token["byte"] else raw.decode("latin-1"))
    return _bytes_in("".join(out), codepage)


def _bytes_in(marked: str, codepage: str) -> str:
    """Decode runs of single bytes together, for a sign may be of two."""

    def run(found: re.Match[str]) -> str:
        raw = bytes.fromhex(found[0].replace("\0", ""))
        try:
            return raw.decode(codepage, "replace")
        except LookupError:
            return raw.decode("cp1252", "replace")

    return re.sub(r"(?:\0[0-9a-f]{2}\0)+", run, marked)
