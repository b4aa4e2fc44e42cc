"""What the tests of the partners' window share."""

from pathlib import Path

import pytest

from config.settings import Gateway, Storage
from storage.database import Database
from tests.partners.house import House


@pytest.fixture
def house(profile: tuple[Gateway, Storage], database: Database, tmp_path: Path) -> House:
    """The window over an empty archive, in each profile."""
    return House(profile, database, tmp_path)
