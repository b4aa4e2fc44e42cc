"""What the tests of the partners' window share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Gateway, Storage
from storage.database import Database
from storage.opening import open_database, prepare
from tests.partners.house import House


@pytest.fixture
def house(profile: tuple[Gateway, Storage], database: Database, tmp_path: Path) -> House:
    """The window over an empty archive, in each profile."""
    return House(profile, database, tmp_path)


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[House]:
    """The window over an empty archive of the embedded profile: for what never comes to the database."""
    profile = Gateway(data=str(tmp_path / "data")), Storage(min_free=0)
    prepare(*profile)
    database = open_database(*profile)
    yield House(profile, database, tmp_path)
    database.close()
