"""Names of files in a watched folder: which are not looked at, and how one is written for people and in the log."""

import hashlib
import os
from pathlib import PurePath

#: How programs name a file that they still write; it is looked at once it is renamed.
_UNFINISHED = (
    ".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download", ".writing", ".lock", ".swp", "~",
)  # fmt: skip
#: What HylaFAX (the number of the next fax) and Windows (thumbnails, views) keep for themselves in a folder.
_CLUTTER = frozenset({"seqf", "thumbs.db", "desktop.ini"})
_LONGEST = 255  # bytes of a name (POSIX NAME_MAX on Linux)


def is_passed_over(name: str) -> bool:
    """Tell a hidden file, one that is still being written by its name, and what is no report at all."""
    lower = name.lower()
    return name.startswith((".", "~$")) or lower.endswith(_UNFINISHED) or lower in _CLUTTER


def hashed(name: str) -> str:
    """Give 16 hexadecimal digits in place of a name, whatever bytes it has."""
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:16]


def shown(name: str) -> str:
    """Write a name for people: bytes that are no UTF-8, line ends and what turns the writing round are spelt out."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)


def numbered(name: str, number: int) -> str:
    """Give the same name with a number before its ending, no longer than a name may be; 0: the name itself."""
    if number == 0:
        return name
    path = PurePath(name)
    tail = b"-%d" % number + os.fsencode(path.suffix)[-32:]
    return os.fsdecode(os.fsencode(path.stem)[: _LONGEST - len(tail)] + tail)
