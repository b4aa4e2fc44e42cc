"""What all rooms' tests share: the archive in both profiles, and the rule that CI skips nothing."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

from config.settings import Gateway, Storage
from storage.database import Database
from storage.opening import open_database, prepare

POSTGRES = "postgresql://root@127.0.0.1:5432"
CORPORA = Path(__file__).parents[1] / "../shared/corpora"


def unavailable(what: str) -> NoReturn:
    """Skip on a laptop, fail in CI: a test that is not run proves nothing."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}: CI must have it")
    pytest.skip(what)


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


@pytest.fixture(params=["sqlite", "postgresql"])
def profile(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Gateway, Storage]:
    """An empty, prepared archive in each profile."""
    gateway = Gateway(data=str(tmp_path / "data"))
    clustered = request.param == "postgresql"
    storage = Storage(url=request.getfixturevalue("empty_postgres")) if clustered else Storage(min_free=0)
    prepare(gateway, storage)
    return gateway, storage


@pytest.fixture
def database(profile: tuple[Gateway, Storage]) -> Iterator[Database]:
    """The open archive of the profile."""
    opened = open_database(*profile)
    yield opened
    opened.close()
