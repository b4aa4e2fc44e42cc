"""A guard as the gateway has it, for originals that may hurt."""

from collections.abc import Iterator

import pytest

from config.settings import Readers
from normalizer.guard import Guard


@pytest.fixture(scope="package")
def guard() -> Iterator[Guard]:
    opened = Guard(Readers(processes=2, paper=2))
    yield opened
    opened.close()
