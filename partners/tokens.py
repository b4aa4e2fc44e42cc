"""Our own access tokens: JWTs that live for minutes (RFC 9068), signed by a key that only this house has."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from msgspec import Struct

_ALGORITHM = "HS256"
_TYPE = "at+jwt"
_AUDIENCE = "faultgate/partners"


class Grant(Struct, frozen=True):
    """Whom a token lets in, and for what."""

    client: str
    scopes: frozenset[str] | None  # None: all that are wired


class Tokens:
    """Makes and checks them."""

    def __init__(self, house_key: bytes, issuer: str, life: timedelta) -> None:
        """`house_key`: the house's own secret, of which the key is derived; `issuer`: the house's domain."""
        self._key = OctKey.import_key(hmac.digest(house_key, b"access tokens of partners", hashlib.sha256))
        self._issuer = issuer
        self.life = life

    def make(self, grant: Grant, now: datetime) -> str:
        """Make a token."""
        claims = {
            "iss": self._issuer, "aud": _AUDIENCE, "sub": grant.client, "client_id": grant.client,
            "iat": int(now.timestamp()), "exp": int((now + self.life).timestamp()), "jti": secrets.token_hex(16),
            "scope": " ".join(sorted(grant.scopes or ())),
        }  # fmt: skip
        return jwt.encode({"alg": _ALGORITHM, "typ": _TYPE}, claims, self._key, [_ALGORITHM])

    def grant(self, token: str, now: datetime) -> Grant | None:
        """Give what a token grants; None for one that is not ours, was changed, or has ended."""
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()), iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": _AUDIENCE}, exp={"essential": True}, client_id={"essential": True},
        )  # fmt: skip
        try:
            read = jwt.decode(token, self._key, [_ALGORITHM])
            registry.validate(read.claims)
        except (JoseError, ValueError):
            return None
        if read.header.get("typ") != _TYPE:
            return None
        return Grant(str(read.claims["client_id"]), frozenset(str(read.claims.get("scope", "")).split()))
