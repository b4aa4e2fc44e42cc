"""One running gateway for the tests of the command line that only look at it."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest

from tests.conftest import POSTGRES, unavailable
from tests.gateway.running import Running


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    one = Running(tmp_path_factory.mktemp("gateway"))
    one.start()
    yield one
    one.stop()


@pytest.fixture
def empty_postgres() -> Iterator[str]:
    """Give the address of a database without anything."""
    name = f"faultgate_{secrets.token_hex(6)}"
    try:
        admin = psycopg.connect(f"{POSTGRES}/postgres", autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        unavailable(f"PostgreSQL does not answer at {POSTGRES}: start it to run the cluster profile's tests")
    with admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        yield f"{POSTGRES}/{name}"
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
