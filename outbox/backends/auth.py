"""How a backend lets us in: a bearer token, Basic, or OAuth 2 client credentials (RFC 6749 section 4.4)."""

import threading
import time
from typing import Protocol
from urllib.parse import urlencode

from msgspec import Struct

from config.backends import ClientCredentials
from config.secrets import Secret
from outbox.backends.http import Http

_EARLY = 30.0  # seconds before its end in which a token is not used any more
_SHORT = 300.0  # seconds that a token lives whose end is not told


class Credentials(Protocol):
    """The settings of a backend with one of the three."""

    @property
    def token(self) -> Secret | None:
        """A bearer token."""

    @property
    def user(self) -> str | None:
        """Of Basic."""

    @property
    def password(self) -> Secret | None:
        """Of Basic."""

    @property
    def oauth2(self) -> ClientCredentials | None:
        """For a token that ends."""


class Door(Struct, frozen=True, kw_only=True):
    """Where a token is asked for, in the shape of `outbox.backends.http.Reached`."""

    url: str
    ca_file: str | None
    timeout: float


class _Granted(Struct):
    access_token: str
    expires_in: float = _SHORT


class Keyring:
    """Gives the header that lets us in. Safe from several threads."""

    def __init__(self, http: Http, settings: Credentials, door: Door | None) -> None:
        self._http = http
        self._settings = settings
        self._tokens = Http(http.name, door) if door is not None else None
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0

    def header(self) -> dict[str, str]:
        """Give the header; raises TryAgain where a secret can't be read or no token is granted."""
        settings = self._settings
        if settings.oauth2 is not None:
            return {"Authorization": f"Bearer {self._granted(settings.oauth2)}"}
        if settings.user is not None and settings.password is not None:
            return self._http.basic(settings.user, "password", settings.password)
        if settings.token is not None:
            return {"Authorization": f"Bearer {self._http.reveal('token', settings.token)}"}
        return {}

    def forget(self) -> None:
        """Ask for another token next time: this one was not accepted."""
        self._until = 0.0

    def _granted(self, client: ClientCredentials) -> str:
        with self._lock:
            if self._tokens is not None and time.monotonic() >= self._until:
                secret = self._tokens.reveal("oauth2.client_secret", client.client_secret)
                asked = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
                form = urlencode({**asked, **({"scope": client.scope} if client.scope else {})}).encode()
                answer = self._tokens.ask("POST", "", content=form, media_type="application/x-www-form-urlencoded")
                granted = answer.read(_Granted)
                self._http.hide(granted.access_token)
                self._token, self._until = granted.access_token, time.monotonic() + granted.expires_in - _EARLY
            return self._token
