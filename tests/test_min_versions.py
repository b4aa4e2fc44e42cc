"""Floors under what we use: below them lie known holes (advisories) or faults that we met."""

import re
import sqlite3
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: package: (lowest version, why)
FLOORS = {
    "aiosmtpd": ((1, 4, 6), "CVE-2024-27305 smuggling, CVE-2024-34083 commands before STARTTLS"),
    "alembic": ((1, 13), "the oldest that was tried"),
    "argon2-cffi": ((23, 1), "the oldest that was tried"),
    "babel": ((2, 14), "the oldest that was tried"),
    "defusedxml": ((0, 7, 1), "the oldest that was tried"),
    "dramatiq": ((2, 2), "the worker's arguments"),
    "fastapi": ((0, 115), "the oldest that was tried"),
    "httpcore": ((1, 0), "the oldest that was tried"),
    "httptools": ((0, 6), "the oldest that was tried"),
    "imapclient": ((3, 0), "TLS by default, timeouts"),
    "jinja2": ((3, 1, 6), "CVE-2024-56326, CVE-2025-27516"),
    "msgspec": ((0, 20), "faults in decoding of outside JSON"),
    "numpy": ((2, 0), "the oldest that was tried"),
    "odfdo": ((3, 20), "the oldest that was tried"),
    "opencv-python-headless": ((4, 10), "the oldest that was tried"),
    "openpyxl": ((3, 1), "the oldest that was tried"),
    "pdfminer.six": ((20251230,), "CVE-2025-64512, CVE-2025-70559: code run from a character map"),
    "pdfplumber": ((0, 11, 8), "asks for a mended pdfminer.six"),
    "phonenumbers": ((9, 0), "numbering plans of today"),
    "pi-heif": ((1, 0), "the oldest that was tried"),
    "pillow": ((12, 2), "CVE-2026-25990, CVE-2026-40192"),
    "psycopg": ((3, 2), "the oldest that was tried"),
    "pypdfium2": ((5, 0), "the oldest that was tried"),
    "python-docx": ((1, 1), "the oldest that was tried"),
    "python-multipart": ((0, 0, 31), "CVE-2024-24762, CVE-2024-53981, CVE-2026-24486, CVE-2026-40347"),
    "selectolax": ((1, 0), "memory faults of its older parser"),
    "sqlalchemy": ((2, 0), "the oldest that was tried"),
    "starlette": ((0, 49, 1), "CVE-2024-47874, CVE-2025-54121, CVE-2025-62727"),
    "tesserocr": ((2, 8), "the oldest that was tried"),
    "uvicorn": ((0, 30), "the oldest that was tried"),
    "uvloop": ((0, 21), "the oldest that was tried"),
    "zxing-cpp": ((2, 2), "the oldest that was tried"),
}


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text.partition("+")[0])[:3])


@pytest.mark.parametrize("package", FLOORS)
def test_what_is_installed_lies_above_its_floor(package: str) -> None:
    lowest, why = FLOORS[package]
    assert numbers(version(package)) >= lowest, why


@pytest.mark.parametrize("package", FLOORS)
def test_the_project_asks_for_the_floor(package: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [asked] = [one for one in project["dependencies"] if re.match(rf"{package}\b", one)]
    assert numbers(asked.partition(">=")[2]) >= FLOORS[package][0]


@pytest.mark.parametrize("package", FLOORS)
def test_the_lock_holds_a_version_above_the_floor(package: str) -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    [locked] = re.findall(rf"^{package}==([^ \\]+)", lock, re.MULTILINE)
    assert numbers(locked) >= FLOORS[package][0]


def test_every_dependency_has_a_floor_and_every_lock_a_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert all(">=" in one for one in project["dependencies"])
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^[a-z0-9.-]+(?:\[[^]]*\])?==.*?(?=^[a-z]|\Z)", lock, re.MULTILINE | re.DOTALL | re.IGNORECASE)
    assert len(pinned) > len(FLOORS)
    assert all("--hash=sha256:" in one for one in pinned)


def test_python_and_sqlite_can_what_we_ask() -> None:
    assert sys.version_info >= (3, 11)
    assert sqlite3.sqlite_version_info >= (3, 35), "RETURNING"
    assert sqlite3.threadsafety >= 1
