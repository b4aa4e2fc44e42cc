"""The type of a file, told by its first bytes: a name or a label may lie."""

import re
from typing import Final

_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_MARKS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),  # BigTIFF
    (b"MM\0+", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"x\x9f\x3e\x22", "application/ms-tnef"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"%!PS", "application/postscript"),
)
_SHORT_MARKS: Final = frozenset({"image/bmp", "application/vnd.microsoft.portable-executable", "audio/mpeg"})
_OFFICE: Final = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_TYPES: Final = ("application/msword", "application/vnd.ms-", "application/x-ole")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4
_MESSAGE: Final = "__substg1.0_".encode("utf-16-le")
_HTML: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}+<(?:!doctype html|html|head|body|script)\b", re.IGNORECASE)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_ISO_MEDIA: Final = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis"), "image/heic"),  # heix: ten bits a colour
    **dict.fromkeys((b"mif1", b"msf1"), "image/heif"),
    b"avif": "image/avif", b"qt  ": "video/quicktime",
}  # fmt: skip


def media_type(content: bytes, named: str = "") -> str:
    """Give the type that the content tells, otherwise the named one, otherwise application/octet-stream."""
    named = {"image/jpg": "image/jpeg", "image/tif": "image/tiff"}.get(named, named)
    fallback = named if _TYPE.fullmatch(named) else "application/octet-stream"
    if content.startswith(b"PK\x03\x04"):
        return _zip(content, fallback)
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    if content.startswith(_OLE):
        outlook = "application/vnd.ms-outlook" if _MESSAGE in content else "application/x-ole-storage"
        return fallback if fallback.startswith(_OLE_TYPES) else outlook
    if content.startswith(b"RIFF"):
        return _RIFF.get(content[8:12], fallback)
    if content[4:8] == b"ftyp":
        return _ISO_MEDIA.get(content[8:12], "video/mp4" if not fallback.startswith("audio/") else fallback)
    told = next((kind for mark, kind in _MARKS if content.startswith(mark)), None)
    if told in _SHORT_MARKS and b"\0" not in content[:64]:
        told = None  # a word may begin with these letters
    if told is None and not fallback.startswith(("text/", "message/")) and _HTML.match(content):
        told = "text/html"
    return told or fallback


def problem(content: bytes) -> str | None:
    """Tell what keeps a file from being opened, as far as its first bytes show it."""
    if not content:
        return "empty"
    if content.startswith(b"PK\x03\x04") and len(content) > 6 and content[6] & 1:
        return "encrypted archive"
    if content.startswith(_OLE) and _ENCRYPTED in content:
        return "encrypted with a password"
    return None


def _zip(content: bytes, fallback: str) -> str:
    head = content[:4096]
    if head[30:38] == b"mimetype":
        named = head[38:138].split(b"PK")[0].decode("latin-1")
        return named if _TYPE.fullmatch(named) else "application/zip"
    if b"[Content_Types].xml" in head or b"_rels/.rels" in head:
        return next((kind for mark, kind in _OFFICE if mark in content), "application/zip")
    return fallback if fallback.endswith("+zip") else "application/zip"
