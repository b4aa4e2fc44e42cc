"""Access tokens of somebody else's authorization server, checked by its public keys (RFC 7517, RFC 7519, RFC 8725)."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from config.partners import Issuer
from partners.tokens import Grant
from web.calling import NoAnswer, call
from web.egress import addresses, destination

log = logging.getLogger("faultgate.partners")

_LEEWAY = 60  # seconds that two clocks may differ
_FRESH = timedelta(minutes=10)  # for which a key set is used without asking
_PAUSE = timedelta(seconds=30)  # between two questions, whatever key a token names
_TIMEOUT = 10.0  # seconds
_LONGEST = 200_000  # bytes of a key set


class Outside:
    """Checks them. Safe from several threads; blocks while it asks for keys."""

    def __init__(self, settings: Issuer, read: Callable[[Issuer], bytes] | None = None) -> None:
        """`read`: gives the key set as it is now; raises OSError or NoAnswer."""
        self._settings = settings
        self._read = read or _read
        self._lock = threading.Lock()
        self._keys: KeySet | None = None
        self._asked: datetime | None = None

    def grant(self, token: str, now: datetime) -> Grant | None:
        """Give what a token grants; None for one that proves nothing. Scopes are ours to wire."""
        settings = self._settings
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()), leeway=_LEEWAY, iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "value": settings.audience}, exp={"essential": True},
        )  # fmt: skip
        try:
            read = self._decoded(token, now)
            if read is None:
                return None
            registry.validate(read.claims)
        except (JoseError, ValueError):
            return None
        client = read.claims.get(settings.client_claim)
        return Grant(client, None) if isinstance(client, str) else None

    def _decoded(self, token: str, now: datetime) -> jwt.Token | None:
        keys = self._fresh(now, _FRESH)
        if keys is None:
            return None
        try:
            return jwt.decode(token, keys, self._settings.algorithms)
        except InvalidKeyIdError:  # a key that is new there, or an invention
            again = self._fresh(now, _PAUSE)
            return jwt.decode(token, again, self._settings.algorithms) if again not in (None, keys) else None

    def _fresh(self, now: datetime, age: timedelta) -> KeySet | None:
        """Give the keys, asked for where those at hand are older; the old ones where no new ones come."""
        with self._lock:
            known = self._asked is not None and now - self._asked < (age if self._keys else _PAUSE)
            if not known:
                self._asked = now
                try:
                    self._keys = KeySet.import_key_set(msgspec.json.decode(self._read(self._settings)))
                except (OSError, NoAnswer, ValueError, JoseError, KeyError, TypeError) as error:
                    log.warning("the keys of %s can't be had: %s", self._settings.issuer, _said(error))
            return self._keys


def _read(settings: Issuer) -> bytes:
    if ":" not in settings.jwks:
        return Path(settings.jwks).read_bytes()
    where = destination(settings.jwks, _Everybody())
    found = addresses(where, _Everybody())
    answer = call("GET", where, found, timeout=_TIMEOUT, ca_file=settings.ca_file, longest=_LONGEST)
    if answer.status != 200:
        raise NoAnswer(f"{where.host} answers {answer.status}")
    return answer.body


class _Everybody(frozenset[str]):
    """The operator named the address himself, so it may lie anywhere."""

    def __contains__(self, host: object) -> bool:
        return isinstance(host, str)


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, NoAnswer) else type(error).__name__
