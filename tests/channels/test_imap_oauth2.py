"""XOAUTH2: tokens are refreshed, rotated ones kept, refused ones explained; secrets stay where they belong."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from channels import Unreachable
from channels.imap import ImapDoor
from channels.oauth2 import AccessTokens, check_url
from config.secrets import Secret
from config.settings import Gateway, OAuth2
from tests.channels.dovecot import Dovecot, TokenServer
from tests.channels.serving import Serving
from tests.reception import MemoryReception


@pytest.fixture
def endpoint() -> Iterator[TokenServer]:
    server = TokenServer()
    yield server
    server.close()


@pytest.fixture
def refresh(tmp_path: Path) -> Path:
    """Where the operator keeps the refresh token."""
    path = tmp_path / "refresh"
    path.write_text("refresh-0\n")
    return path


def settings(url: str, refresh: Path, **changes: Any) -> OAuth2:
    return OAuth2(token_url=url, client_id="desk", refresh_token=Secret(file=str(refresh)), **changes)


def tokens(wanted: OAuth2, memory: dict[str, str]) -> AccessTokens:
    return AccessTokens(wanted, 5.0, lambda: memory.get("oauth2"), lambda value: memory.update(oauth2=value))


def test_mail_is_fetched_with_rotating_tokens(
    dovecot: Dovecot, refresh: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reception = MemoryReception()
    server = dovecot.tokens
    server.user = "modern"
    dovecot.deliver("modern", b"Subject: 1\r\n\r\n1\r\n")
    oauth2 = settings(server.url, refresh, scope="mail", client_secret=Secret(file=str(refresh)))
    door = ImapDoor("post", dovecot.settings("modern", password=None, oauth2=oauth2), Gateway())
    assert asyncio.run(door.check()) == "modern at localhost: XOAUTH2 is offered (the login itself is not tried)"
    with caplog.at_level(logging.DEBUG):
        with Serving(door, reception) as serving:
            serving.wait(lambda: len(reception.arrivals) == 1)
        dovecot.deliver("modern", b"Subject: 2\r\n\r\n2\r\n")
        with Serving(door, reception) as serving:
            serving.wait(lambda: len(reception.arrivals) == 2)
        server.valid.clear()  # the mail server no longer takes what was given out
        with Serving(door, reception) as serving:
            serving.wait(lambda: len(server.asked) == 3)
    assert [form["refresh_token"] for form in server.asked] == ["refresh-0", "refresh-1", "refresh-2"]
    assert server.asked[0] | {"refresh_token": ""} == {
        "grant_type": "refresh_token",
        "client_id": "desk",
        "client_secret": "refresh-0",
        "refresh_token": "",
        "scope": "mail",
    }
    for secret in ("refresh-", "access-"):
        assert secret not in caplog.text


def test_a_token_is_used_until_a_minute_before_its_end(endpoint: TokenServer, refresh: Path) -> None:
    memory: dict[str, str] = {}
    lasting = tokens(settings(endpoint.url, refresh), memory)
    assert [lasting.current(), lasting.current()] == ["access-1", "access-1"]
    lasting.forget()
    endpoint.expires_in = "50"  # some say it as text
    assert [lasting.current(), lasting.current()] == ["access-2", "access-3"]


def test_a_newly_configured_token_wins_over_the_kept_one(endpoint: TokenServer, refresh: Path) -> None:
    memory: dict[str, str] = {}
    tokens(settings(endpoint.url, refresh), memory).current()
    endpoint.refresh_token = "refresh-new"
    with pytest.raises(Unreachable, match=r"refuses \(invalid_grant\): authorise the mailbox anew"):
        tokens(settings(endpoint.url, refresh), memory).current()
    refresh.write_text("refresh-new\n")
    assert tokens(settings(endpoint.url, refresh), memory).current() == "access-3"


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (400, b'{"error": "invalid_grant", "error_description": "refresh-0 is bad"}', Unreachable, "invalid_grant"),
        (401, b'{"error": "invalid_client"}', Unreachable, r"\(invalid_client\): check oauth2"),
        (400, b'{"error": "refresh-0 <b>"}', Unreachable, "status 400"),
        (403, b"[" * 60_000, Unreachable, "status 403"),
        (302, b"", Unreachable, "status 302"),
        (503, b"", ConnectionError, "answers 503"),
        (429, b"", ConnectionError, "answers 429"),
        (200, b"<html>refresh-0", ConnectionError, "not a token answer"),
        (200, b'{"access_token": 5}', ConnectionError, "not a token answer"),
    ],
)
def test_refusals_tell_the_remedy_and_no_secret(
    endpoint: TokenServer, refresh: Path, status: int, body: bytes, kind: type[Exception], says: str
) -> None:
    endpoint.refusal = (status, body)
    with pytest.raises(kind, match=says) as caught:
        tokens(settings(endpoint.url, refresh), {}).current()
    assert "refresh-0" not in str(caught.value)
    assert len(endpoint.asked) == 1  # no redirect is followed


def test_secrets_never_travel_in_clear(refresh: Path) -> None:
    for url in (
        "http://login.example/token",
        "ftp://login.example",
        "login.example/token",
        "http://127.0.0.1.example/",
    ):
        with pytest.raises(Unreachable, match="must begin with https"):
            check_url(url)
    for url in ("https://login.example/token", "http://127.0.0.1:1/token", "http://[::1]/token", "http://localhost/t"):
        check_url(url)
    with pytest.raises(Unreachable, match="create it"):
        tokens(settings("https://login.example/token", refresh.parent / "nowhere"), {}).current()
