"""One running gateway for the tests of the command line that only look at it."""

from collections.abc import Iterator

import pytest

from tests.gateway.running import Running


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    one = Running(tmp_path_factory.mktemp("gateway"))
    one.start()
    yield one
    one.stop()
