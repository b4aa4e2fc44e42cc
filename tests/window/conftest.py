"""One desk for each test: on SQLite, and where the archive itself is in question on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.settings import Desk, Gateway, Storage
from storage.database import Database
from storage.opening import open_database, prepare
from tests.window.front import Window

Opened = Callable[..., Window]


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[tuple[tuple[Gateway, Storage], Database]]:
    """An archive on SQLite."""
    profile = Gateway(data=str(tmp_path / "data")), Storage(min_free=0)
    prepare(*profile)
    database = open_database(*profile)
    yield profile, database
    database.close()


@pytest.fixture
def window(embedded: tuple[tuple[Gateway, Storage], Database]) -> Window:
    """A desk with a person of each role."""
    return Window(*embedded)


@pytest.fixture
def either(profile: tuple[Gateway, Storage], database: Database) -> Window:
    """The same on each database."""
    return Window(profile, database)


@pytest.fixture
def opened(embedded: tuple[tuple[Gateway, Storage], Database]) -> Opened:
    """Open a desk with settings of its own."""

    def build(**settings: object) -> Window:
        return Window(*embedded, Desk(**{"language": "en", **settings}))  # type: ignore[arg-type]

    return build
