"""Access tokens for XOAUTH2: refreshed before they expire, rotated refresh tokens kept (RFC 6749, sections 5 and 6)."""

import hashlib
import re
import time
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import msgspec
from msgspec import Struct

from channels import Unreachable
from config.loopback import is_loopback
from config.settings import OAuth2

_ANSWER_LIMIT = 64 * 1024  # bytes
_MARGIN = 60.0  # seconds before its expiry a token is no longer used
_ERROR_CODE = re.compile(r"[a-z_]{1,40}")


class _Answer(Struct):
    """What the token endpoint says (RFC 6749 section 5.1)."""

    access_token: str
    expires_in: float = 300.0
    refresh_token: str | None = None


class _Error(Struct):
    """What it says instead (RFC 6749 section 5.2)."""

    error: str


class _Kept(Struct):
    """A rotated refresh token, and which configured one it descends from: a newly configured one wins."""

    configured: str
    refresh_token: str


class _NoRedirect(HTTPRedirectHandler):
    """A token request carries secrets: it goes to the named address or nowhere."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Follow none."""


class AccessTokens:
    """Gives a valid access token; blocking, for one thread."""

    def __init__(
        self, settings: OAuth2, timeout: float, recall: Callable[[], str | None], remember: Callable[[str], None]
    ) -> None:
        check_url(settings.token_url)
        self._settings = settings
        self._timeout = timeout
        self._recall = recall
        self._remember = remember
        self._token = ""
        self._expires = 0.0  # on the monotonic clock

    def current(self) -> str:
        """Give the cached token or a fresh one. Raises Unreachable with the remedy, OSError for passing trouble."""
        if not self._token or time.monotonic() >= self._expires - _MARGIN:
            self._refresh()
        return self._token

    def forget(self) -> None:
        """Drop the cached token: the mail server did not take it."""
        self._token = ""

    def _refresh(self) -> None:
        try:
            configured = self._settings.refresh_token.reveal()
            secret = self._settings.client_secret.reveal() if self._settings.client_secret else None
        except LookupError as error:
            raise Unreachable(str(error)) from error
        origin = hashlib.sha256(configured.encode()).hexdigest()
        used = self._kept(origin) or configured
        form = {"grant_type": "refresh_token", "client_id": self._settings.client_id, "refresh_token": used}
        if secret is not None:
            form["client_secret"] = secret
        if self._settings.scope is not None:
            form["scope"] = self._settings.scope
        answer = self._ask(form)
        if answer.refresh_token not in (None, "", used):
            self._remember(msgspec.json.encode(_Kept(origin, answer.refresh_token)).decode())
        self._token = answer.access_token
        self._expires = time.monotonic() + answer.expires_in

    def _kept(self, origin: str) -> str | None:
        text = self._recall()
        kept = msgspec.json.decode(text, type=_Kept) if text else None
        return kept.refresh_token if kept and kept.configured == origin else None

    def _ask(self, form: dict[str, str]) -> _Answer:
        opener = build_opener(_NoRedirect(), ProxyHandler({}))
        request = Request(self._settings.token_url, urlencode(form).encode())  # noqa: S310 -- check_url has seen it
        try:
            with opener.open(request, timeout=self._timeout) as answer:
                return msgspec.json.decode(answer.read(_ANSWER_LIMIT), type=_Answer, strict=False)
        except HTTPError as error:
            with error:
                raise _refusal(error.code, error.read(_ANSWER_LIMIT)) from None
        except (msgspec.MsgspecError, HTTPException):
            raise ConnectionError("the token endpoint's answer is not a token answer: check token_url") from None


def check_url(url: str) -> None:
    """Refuse a token endpoint that would get our secrets in clear. Raises Unreachable with the remedy."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise Unreachable("token_url must begin with https://")


def _refusal(status: int, body: bytes) -> Exception:
    """Turn an error answer into its remedy; only its code is repeated, never its text."""
    if status == 429 or status >= 500:
        return ConnectionError(f"the token endpoint answers {status}: it is tried again")
    try:
        code = msgspec.json.decode(body, type=_Error).error
    except msgspec.MsgspecError:
        code = ""
    named = code if _ERROR_CODE.fullmatch(code) else f"status {status}"
    remedy = "authorise the mailbox anew and replace the refresh token" if named == "invalid_grant" else "check oauth2"
    return Unreachable(f"the token endpoint refuses ({named}): {remedy}")
