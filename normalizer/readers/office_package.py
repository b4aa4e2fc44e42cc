"""Office files are ZIP archives of XML: what one may unfold to is counted before any of it is unpacked."""

import io
import zipfile
from typing import Final

_ENTRIES: Final = 2_000
_UNPACKED: Final = 100_000_000  # bytes in all
_XML: Final = 30_000_000  # bytes of one part that is parsed
_RATIO: Final = 300  # unpacked to packed; ordinary documents reach 20
_HEAD: Final = 2_000  # bytes of an XML part that are looked at for declarations


class Oversized(Exception):
    """It unfolds to more than an office file may; the text says what."""


class Encrypted(Exception):
    """It opens only with a password."""


def package(content: bytes) -> io.BytesIO:
    """Give the file to be opened. Raises Oversized, Encrypted; zipfile.BadZipFile where it is damaged."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if len(entries) > _ENTRIES:
            raise Oversized(f"an office file of {len(entries)} parts")
        for entry in entries:
            _measure(entry, len(content))
        if sum(entry.file_size for entry in entries) > _UNPACKED:
            raise Oversized(f"unfolds to more than {_UNPACKED} bytes")
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read(
            "META-INF/manifest.xml"
        ):
            raise Encrypted
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")) and _declares(archive, entry):
                raise Oversized("an office file that declares entities of its own")
    return io.BytesIO(content)


def _measure(entry: zipfile.ZipInfo, size: int) -> None:
    if entry.flag_bits & 1:
        raise Encrypted
    if entry.file_size > _XML and entry.filename.endswith((".xml", ".rels")):
        raise Oversized(f"a part of {entry.file_size} bytes")
    if entry.file_size > 1_000_000 and entry.file_size > _RATIO * max(1, entry.compress_size):
        raise Oversized("a part that unfolds to hundreds of times its size")
    if entry.compress_size > size:
        raise Oversized("a part larger than the whole")


def _declares(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Tell XML with a document type: office programs write none, and entities unfold without end."""
    with archive.open(entry) as part:
        head = part.read(_HEAD).replace(b"\0", b"")
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head
