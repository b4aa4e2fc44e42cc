"""Folders for the tests of folder doors: a door on one, and files as servers and scanners drop them."""

import os
import time
from pathlib import Path

from channels import door
from config.settings import Fax, Gateway, Scan
from tests.channels.serving import Serving
from tests.reception import MemoryReception

TIFF = b"II*\0 a page"
PDF = b"%PDF-1.7 a page"
SOON = {"poll": 0.02, "settle": 0.1}


def fax(folder: Path, **settings: object) -> Fax:
    return Fax(path=str(folder), **(SOON | settings))  # type: ignore[arg-type]


def scan(folder: Path, **settings: object) -> Scan:
    return Scan(path=str(folder), **(SOON | settings))  # type: ignore[arg-type]


def serving(settings: Fax | Scan, reception: MemoryReception, zone: str = "Europe/Moscow") -> Serving:
    return Serving(door("fax", settings, Gateway(zone=zone)), reception)


def put(path: Path, content: bytes = TIFF, *, age: float = 0.0) -> Path:
    """Drop a file at once, last written `age` seconds ago."""
    part = path.parent / f".{path.stem[:20]}.part"
    part.write_bytes(content)
    at = time.time() - age
    os.utime(part, (at, at))
    part.rename(path)
    return path


def contents(folder: Path) -> list[bytes]:
    """What was moved to `done`, sorted."""
    return sorted(one.read_bytes() for one in (folder / "done").iterdir()) if (folder / "done").exists() else []


def waiting(folder: Path) -> list[str]:
    """What still lies in the folder."""
    return sorted(one.name for one in folder.iterdir() if one.name != "done")
