"""Fixtures of the torture: a mailbox, and a database of the cluster profile."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest

from tests.channels import dovecot as dovecots
from tests.conftest import POSTGRES, unavailable


@pytest.fixture(scope="session")
def dovecot() -> Iterator[dovecots.Dovecot]:
    server = dovecots.start()
    yield server
    server.close()


@pytest.fixture
def empty_postgres() -> Iterator[str]:
    """Give the address of a database without anything."""
    name = f"faultgate_{secrets.token_hex(6)}"
    try:
        admin = psycopg.connect(f"{POSTGRES}/postgres", autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        unavailable(f"PostgreSQL does not answer at {POSTGRES}: start it to torture the cluster profile")
    with admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        yield f"{POSTGRES}/{name}"
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
