"""A mailbox for the torture."""

from collections.abc import Iterator

import pytest

from tests.channels import dovecot as dovecots


@pytest.fixture(scope="session")
def dovecot() -> Iterator[dovecots.Dovecot]:
    server = dovecots.start()
    yield server
    server.close()
