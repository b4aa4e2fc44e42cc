"""A fault of our own, met in the middle of reading the archive, ends a step and nothing more."""

import logging
import sys

import pytest

from gateway.logs import Discreet
from storage.database import Database


def test_an_error_is_never_its_own_cause(database: Database) -> None:
    with pytest.raises(NameError) as caught, database.read():
        raise NameError

    assert caught.value.__cause__ is None


def test_a_chain_that_bites_its_tail_is_told_once() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    try:
        raise first
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "it failed", None, sys.exc_info())

    assert Discreet("%(message)s").format(record).count("KeyError") == 1
