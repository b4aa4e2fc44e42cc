"""How much one PDF page may ask: small files can unfold to gigabytes, and the libraries that draw them just die."""

import logging
import re
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

import pdfminer.pdftypes
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import PDFStream, resolve1

STREAM: Final = 32_000_000  # bytes of one unpacked stream
DRAWN: Final = 6_000_000  # bytes of drawing orders of one page, each form counted as often as it is drawn
READ: Final = 2_000_000  # the same where its text is read, which takes a thousand times as long
_DRAWS: Final = re.compile(rb"/([^\s/<>()\[\]{}%]{1,200})\s{1,20}Do(?![^\s/<>()\[\]{}%])")
_SAVES: Final = re.compile(rb"(?<!\S)q(?!\S)")
_STATE: Final = 50  # bytes that saving the state of the pen counts for, since it takes hundreds
_DEEPEST: Final = 20
_PIECE: Final = 4096


class TooMuch(PDFException):
    """A PDF asks for more than a page may."""


class _Zlib:
    """zlib for pdfminer, which would unpack without a limit, and a damaged stream byte by byte."""

    error = zlib.error

    @staticmethod
    def decompress(data: bytes) -> bytes:
        """Unpack one stream, a damaged one as far as it goes. Raises TooMuch."""
        unpacking, unpacked = zlib.decompressobj(), bytearray()
        with suppress(zlib.error):
            for start in range(0, len(data), _PIECE):
                unpacked += unpacking.decompress(data[start : start + _PIECE], STREAM + 1 - len(unpacked))
                if len(unpacked) > STREAM:
                    raise TooMuch(f"a stream of more than {STREAM} bytes")
        return bytes(unpacked)


vars(pdfminer.pdftypes)["zlib"] = _Zlib  # there is no other way in
logging.getLogger("pdfminer").setLevel(logging.CRITICAL + 1)  # it quotes what it reads
logging.getLogger("pdfplumber").setLevel(logging.CRITICAL + 1)


def weight(contents: Iterable[object], resources: object) -> int:
    """Give the bytes of drawing orders of a page with all forms that it draws. Raises TooMuch beyond DRAWN."""
    return _weight(contents, resources, {}, 0)


def _weight(contents: Iterable[object], resources: object, known: dict[int, int], depth: int) -> int:
    if depth > _DEEPEST:
        raise TooMuch("forms in forms without end")
    total, forms = 0, _forms(resources)
    for content in contents:
        stream = resolve1(content)
        data = stream.get_data() if isinstance(stream, PDFStream) else b""
        total += len(data) + _STATE * len(_SAVES.findall(data))
        for found in _DRAWS.finditer(data):
            total += _form_weight(forms.get(found[1].decode("latin-1")), resources, known, depth)
            if total > DRAWN:
                break
    if total > DRAWN:
        raise TooMuch(f"more than {DRAWN} bytes of drawing orders")
    return total


def _form_weight(form: object, resources: object, known: dict[int, int], depth: int) -> int:
    """Weigh one form; each is weighed once, and one that draws itself counts nothing the second time."""
    stream = resolve1(form)
    if not isinstance(stream, PDFStream) or getattr(resolve1(stream.get("Subtype")), "name", "") != "Form":
        return 0
    if id(stream) not in known:
        known[id(stream)] = 0
        known[id(stream)] = _weight([stream], stream.get("Resources") or resources, known, depth + 1)
    return known[id(stream)]


def _forms(resources: object) -> Mapping[str, Any]:
    own = resolve1(resources)
    forms = resolve1(own.get("XObject")) if isinstance(own, dict) else None
    return forms if isinstance(forms, dict) else {}
