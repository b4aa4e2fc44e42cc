"""What the command line says of itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gateway.running import command

COMMANDS = ("run", "normalize", "check", "records", "show", "export", "preview", "person")


def test_the_help_tells_every_command_and_the_way_of_a_report() -> None:
    told = command("--help", env={**os.environ, "COLUMNS": "120"})
    text = told.stdout.decode()
    assert told.returncode == 0
    for name in COMMANDS:
        assert f"\n    {name}" in text, name
        assert f"faultgate {name}" in text or name == "check"
    assert "kept byte-exact" in text
    assert "part" not in text.split()  # what `run` starts is nobody's command
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("name", [*COMMANDS[:-1], "person add", "person list", "person token"])
def test_each_command_explains_itself(name: str) -> None:
    told = command(*name.split(), "--help")
    assert told.returncode == 0
    assert b"--config FILE" in told.stdout
    assert b"==SUPPRESS==" not in told.stdout


@pytest.mark.parametrize(
    "words", [(), ("fly",), ("show",), ("run", "roof"), ("records", "--jsno"), ("person", "crown")]
)
def test_a_slip_is_told_with_the_usage(words: tuple[str, ...]) -> None:
    told = command(*words)
    assert told.returncode == 2
    assert told.stderr.startswith(b"usage: faultgate")


def test_the_help_loads_no_heavy_library() -> None:
    heavy = ["sqlalchemy", "alembic", "psycopg", "pika", "dramatiq", "imapclient", "phonenumbers", "fastapi", "argon2"]
    code = f"import sys, faultgate; faultgate._parser(); print([m for m in {heavy} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_root())
    assert told.stdout.strip() == "[]"


def _root() -> Path:
    return Path(__file__).parents[2]
