"""The media type of a file that was dropped, by a glance at its first bytes: a door never parses.

It decides only whether the file is read as paper, page by page; the reader looks again for itself.
"""

HEAD = 1024  # bytes that are looked at

_MARKS = (
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),  # BigTIFF
    (b"MM\0+", "image/tiff"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
#: Brands of an ISO base media file (ISO/IEC 23008-12) that hold a still picture.
_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"heim": "image/heic", b"heis": "image/heic",
    b"mif1": "image/heif", b"msf1": "image/heif",
}  # fmt: skip
#: What a file claims to be, where its bytes tell nothing: a person shall see what is empty or damaged.
_ENDINGS = {
    ".pdf": "application/pdf", ".tif": "image/tiff", ".tiff": "image/tiff", ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg", ".png": "image/png", ".heic": "image/heic", ".webp": "image/webp",
}  # fmt: skip
#: How the files of a letter are named in it.
SUFFIXES = {
    "application/pdf": "pdf", "image/tiff": "tif", "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif",
    "image/webp": "webp", "image/heic": "heic", "image/heif": "heif", "image/bmp": "bmp",
}  # fmt: skip


def media_type(head: bytes, ending: str) -> str:
    """Tell the type from the first bytes, or else from the name's ending (".tif")."""
    if b"%PDF-" in head:
        return "application/pdf"
    told = next((kind for mark, kind in _MARKS if head.startswith(mark)), None)
    if told is None and head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        told = "image/webp"
    if told is None and head[4:8] == b"ftyp":
        told = _BRANDS.get(head[8:12])
    if told is None and head.startswith(b"BM") and head[6:10] == bytes(4):  # reserved words of a bitmap's header
        told = "image/bmp"
    return told or _ENDINGS.get(ending.lower()) or ("application/octet-stream" if _is_binary(head) else "text/plain")


def _is_binary(head: bytes) -> bool:
    return not head or b"\0" in head or head.startswith((b"PK", b"{\\rtf", b"\x1f\x8b"))
