"""The log: one line an event, and no word of a mail."""

import logging
import subprocess
import sys

import pytest

from gateway.logs import Discreet
from tests.gateway.running import ROOT

QUOTED = "Соколова Галина, +79173402218"


def told(message: str, *words: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("faultgate.x", logging.ERROR, __file__, 1, message, words, info)
    return Discreet("%(levelname)s %(name)s %(message)s").format(record)


@pytest.mark.parametrize(
    "nasty", ["a\r\nb", "a\nERROR x forged", "\x1b[2Ja", "a\u2028b", "a\x85b", "a\u202eb", "a\0b", "a\x0bb", "\ud800"]
)
def test_no_outside_text_breaks_a_line_or_steers_a_terminal(nasty: str) -> None:
    line = told("folder %s is gone", nasty)
    assert line.isprintable()
    assert line.splitlines() == [line]
    line.encode()


def test_what_people_write_stays_readable() -> None:
    assert told("папка %s, 文件夹", "Входящие") == "ERROR faultgate.x папка Входящие, 文件夹"


def failure() -> BaseException:
    try:
        try:
            int(QUOTED)
        except ValueError as inner:
            raise KeyError(QUOTED) from inner
    except KeyError as error:
        return error
    raise AssertionError


def test_an_exception_tells_what_and_where_but_not_its_text() -> None:
    text = told("the door fell shut", error=failure())
    assert QUOTED not in text
    assert "ValueError" in text
    assert "KeyError" in text
    assert "test_logs.py" in text


@pytest.mark.parametrize("place", ["raise Trouble(name)", "t = threading.Thread(target=fall); t.start(); t.join()"])
def test_errors_that_nobody_catches_tell_no_text_either(place: str) -> None:
    code = (
        "import threading\nfrom gateway import logs\nlogs.set_up()\nname = 'Galina ' + 'Sokolova'\n"
        f"class Trouble(Exception): ...\ndef fall(): raise Trouble(name)\n{place}\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert "Trouble" in done.stderr
    assert "CRITICAL faultgate" in done.stderr
    assert "Galina Sokolova" not in done.stderr
