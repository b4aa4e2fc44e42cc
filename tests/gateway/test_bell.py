"""The bell between the doors and the worker of one machine."""

from pathlib import Path

import pytest

from gateway.bell import Listener, Ringer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name is longer than a socket's may be."""
    long = tmp_path / ("d" * 120)
    long.mkdir()
    return long


def test_a_ring_wakes_the_listener(folder: Path) -> None:
    listener, ringer = Listener(folder), Ringer(folder)
    assert not listener.wait(0.01)
    ringer.ring()
    assert listener.wait(60)


def test_many_rings_are_one(folder: Path) -> None:
    listener, ringer = Listener(folder), Ringer(folder)
    for _ in range(5000):  # more than the socket holds: the ringer never waits
        ringer.ring()
    assert listener.wait(60)
    assert not listener.wait(0.01)


def test_nobody_has_to_listen(folder: Path) -> None:
    ringer = Ringer(folder)
    ringer.ring()
    listener = Listener(folder)
    listener._socket.close()
    ringer.ring()
    ringer._socket.close()
    ringer.ring()  # whatever happens: the report is kept already


def test_a_listener_takes_the_place_of_one_that_died(folder: Path) -> None:
    dead, ringer = Listener(folder), Ringer(folder)
    heir = Listener(folder)
    ringer.ring()
    assert heir.wait(60)
    assert not dead.wait(0.01)
