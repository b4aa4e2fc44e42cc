"""Fixtures of the doors' tests."""

from collections.abc import Iterator

import pytest

from channels import imap_mailbox
from tests.channels import dovecot as dovecots
from tests.channels.scripted_imap import ScriptedServer


@pytest.fixture(scope="session")
def dovecot() -> Iterator[dovecots.Dovecot]:
    """One real Dovecot for all tests; each uses a user of its own."""
    server = dovecots.start()
    yield server
    server.close()


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """Give a scripted IMAP server; the door comes back to it soon after each fault."""
    monkeypatch.setenv("FAULTGATE_TEST_IMAP", "secret")
    monkeypatch.setattr(imap_mailbox, "_LONGEST_PAUSE", 0.2)  # seconds
    server = ScriptedServer()
    yield server
    server.close()
