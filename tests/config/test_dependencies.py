"""The page of dependencies is true: every direct one stands there with its floor, and nothing else does."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def rows(heading: str) -> list[list[str]]:
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in line] for line in lines]


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("Python packages of the gateway", PROJECT["dependencies"]),
        ("Python packages for development", PROJECT["optional-dependencies"]["dev"]),
    ],
)
def test_every_package_has_its_reason_and_its_floor(heading: str, wanted: list[str]) -> None:
    told = rows(heading)
    assert [f"{name}>={floor}" for name, floor, *_ in told] == wanted
    assert all(licence and reason for _, _, licence, reason in told)


def test_every_debian_package_has_its_reason() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    found = re.findall(r"^(?:TEST_)?PACKAGES := (.*)$", makefile, re.MULTILINE)
    assert [name for name, *_ in rows("Debian packages")] == " ".join(found).split()
