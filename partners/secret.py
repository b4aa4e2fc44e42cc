"""Comparing secrets of partners: in constant time, and never in a text."""

import hashlib
import hmac
import logging
import time
from functools import lru_cache

from config.secrets import Secret

log = logging.getLogger("faultgate.partners")

#: Characters: what is shorter can be guessed, so it lets nobody in.
SHORTEST = 16


def revealed(key: str, secret: Secret | None) -> str | None:
    """Read a secret now; None where there is none that can be used. `key` names it in the wiring file."""
    if secret is None:
        return None
    try:
        plain = _read(secret, int(time.monotonic()))
    except LookupError as error:
        log.error("%s: %s", key, error)  # noqa: TRY400 - the remedy is the message, not our stack
        return None
    if len(plain) < SHORTEST:
        log.error("%s: the secret is shorter than %d characters: make another one", key, SHORTEST)
        return None
    return plain


@lru_cache(1000)
def _read(secret: Secret, _: int) -> str:
    """Read a secret in this second; within it, it is remembered.

    A file that is looked at for every request lets the committer's thread go first each time.
    """
    return secret.reveal()


def equal(ours: str | None, theirs: str) -> bool:
    """Tell whether both are the same, in a time that tells nothing of ours."""
    digests = (hashlib.sha256(one.encode("utf-8", "replace")).digest() for one in (ours or "", theirs))
    return hmac.compare_digest(*digests) and ours is not None
