"""The pace of long work: who reads page by page says so before each, and is given a page's time anew."""

from collections.abc import Callable

_told: list[Callable[[], None]] = []


def follow(told: Callable[[], None]) -> None:
    """Call `told` before every further page."""
    _told.append(told)


def page() -> None:
    """Say that a page begins."""
    for told in _told:
        told()
