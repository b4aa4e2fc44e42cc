"""Transfer encodings (RFC 2045 section 6): what can be decoded is, and what was damaged is said."""

import binascii
import re
from typing import Final

from normalizer.readers import uuencode

_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_ALPHABET: Final = bytes(set(range(256)) - set(_ALPHABET))
_FOREIGN: Final = re.compile(rb"[^A-Za-z0-9+/=\s]")
_PLAIN: Final = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit", "none"})


def decode(body: bytes, encoding: bytes) -> tuple[bytes, str | None]:
    """Give the decoded bytes, and what is wrong with them; bytes in an unknown encoding are given as they are."""
    words = encoding.decode("latin-1").lower().replace('"', " ").replace(";", " ").split()
    name = words[0] if words else ""
    if name in _PLAIN:
        return _lines(body) if name != "binary" else body, None
    if name in {"base64", "base-64", "x-base64"}:
        return base64(body)
    if name.startswith("quoted"):
        return binascii.a2b_qp(body), None
    if name in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        files = uuencode.find(body)
        return (files[0].content, files[0].problem) if files else (body, "damaged uuencode")
    return body, f"unknown transfer encoding {name[:40]}"


def _lines(content: bytes) -> bytes:
    """Give text with LF, so that a file is the same whichever way its mail came: line ends belong to the transport."""
    return content if b"\r" not in content or b"\0" in content else content.replace(b"\r\n", b"\n")


def base64(body: bytes) -> tuple[bytes, str | None]:
    """Decode base64 up to its padding; foreign characters are passed over, a last lone character is dropped."""
    if body.count(b" ") * 50 > len(body):
        return body, "not base64, though it says so"
    text, padding, rest = body.partition(b"=")
    kept = text.translate(None, _NOT_ALPHABET)
    lone = len(kept) % 4 == 1
    foreign = _FOREIGN.search(text) is not None or rest.strip(b"=\r\n\t \0") != b""
    unpadded = len(kept) % 4 in {2, 3} and not padding
    whole = kept[:-1] if lone else kept
    decoded = binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
    return decoded, "damaged base64" if lone or foreign or unpadded else None
