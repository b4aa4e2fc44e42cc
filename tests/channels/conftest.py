"""Fixtures of the doors' tests."""

from collections.abc import Iterator

import pytest

from tests.channels import dovecot as dovecots
from tests.channels.scripted_imap import ScriptedServer


@pytest.fixture(scope="session")
def dovecot() -> Iterator[dovecots.Dovecot]:
    """One real Dovecot for all tests; each uses a user of its own."""
    server = dovecots.start()
    yield server
    server.close()


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    """Give a scripted IMAP server."""
    server = ScriptedServer()
    yield server
    server.close()
