"""What all rooms' tests share: the archive in both profiles, and the rule that CI skips nothing."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def _made(template: str = "template1") -> Iterator[str]:
    """Give the address of a new database; it goes at the end."""
    name = f"faultgate_{secrets.token_hex(6)}"
    try:
        admin = psycopg.connect(f"{POSTGRES}/postgres", autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        unavailable(f"PostgreSQL does not answer at {POSTGRES}: start it to run the cluster profile's tests")
    with admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        yield f"{POSTGRES}/{name}"
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture
def empty_postgres() -> Iterator[str]:
    """Give the address of a database without anything."""
    with _made() as url:
        yield url


@pytest.fixture(scope="session")
def _postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Name a prepared database that others are copied from: the migrations run once a session, not once a test."""
    with _made() as url:
        prepare(Gateway(data=str(tmp_path_factory.mktemp("template"))), Storage(url=url))
        yield url.rpartition("/")[2]


@pytest.fixture(scope="session")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a prepared data folder that others are copied from."""
    folder = tmp_path_factory.mktemp("template") / "data"
    prepare(Gateway(data=str(folder)), Storage(min_free=0))
    return folder


@pytest.fixture
def prepared_postgres(_postgres: str) -> Iterator[str]:
    """Give the address of an empty, prepared database."""
    with _made(_postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def profile(request: pytest.FixtureRequest, tmp_path: Path, _folder: Path) -> tuple[Gateway, Storage]:
    """An empty, prepared archive in each profile."""
    gateway = Gateway(data=str(tmp_path / "data"))
    clustered = request.param == "postgresql"
    shutil.copytree(_folder, gateway.data, ignore=shutil.ignore_patterns("faultgate.db*") if clustered else None)
    url = request.getfixturevalue("prepared_postgres") if clustered else None
    return gateway, Storage(url=url) if clustered else Storage(min_free=0)


@pytest.fixture
def database(profile: tuple[Gateway, Storage]) -> Iterator[Database]:
    """The open archive of the profile."""
    opened = open_database(*profile)
    yield opened
    opened.close()
