"""Users of AUTH (RFC 4954): PLAIN and LOGIN, only under TLS."""

import hashlib
import hmac
import logging
from collections.abc import Mapping
from typing import Any

from aiosmtpd.smtp import AuthResult, LoginPassword

from config.secrets import Secret

log = logging.getLogger(__name__)


class Users:
    """An authenticator for aiosmtpd: compares in constant time, for unknown users too."""

    def __init__(self, users: Mapping[str, Secret]) -> None:
        self._users = users

    def __call__(
        self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        """Check one login. A secret that can't be read is our trouble: the client is asked to come again."""
        secret = self._users.get(given.login.decode("utf-8", "replace"))
        try:
            expected = secret.reveal() if secret is not None else ""
        except LookupError:
            log.error("a password of AUTH can't be read: see `faultgate check`")  # noqa: TRY400 (it names files)
            return AuthResult(
                success=False, handled=False, message="454 4.7.0 Can't check passwords now: please try again later"
            )
        equal = hmac.compare_digest(_digest(expected.encode()), _digest(given.password))
        return AuthResult(success=equal and secret is not None, handled=False, auth_data=given)


def _digest(password: bytes) -> bytes:
    """Make both sides equally long: compare_digest hides what differs, not the length."""
    return hashlib.sha256(password).digest()
