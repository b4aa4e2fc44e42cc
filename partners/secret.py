"""Comparing secrets of partners: in constant time, and never in a text."""

import hashlib
import hmac
import logging
from functools import lru_cache
from pathlib import Path

from config.secrets import Secret

log = logging.getLogger("faultgate.partners")

#: Characters: what is shorter can be guessed, so it lets nobody in.
SHORTEST = 16


def revealed(key: str, secret: Secret | None) -> str | None:
    """Read a secret now; None where there is none that can be used. `key` names it in the wiring file."""
    if secret is None:
        return None
    try:
        plain = _read(secret, _stamp(secret.file))
    except LookupError as error:
        log.error("%s: %s", key, error)  # noqa: TRY400 - the remedy is the message, not our stack
        return None
    if len(plain) < SHORTEST:
        log.error("%s: the secret is shorter than %d characters: make another one", key, SHORTEST)
        return None
    return plain


@lru_cache(1000)
def _read(secret: Secret, _: object) -> str:
    """Read a secret; one that was read is remembered until its file changes."""
    return secret.reveal()


def _stamp(file: str | None) -> object:
    try:
        found = Path(file).stat() if file is not None else None
    except OSError:
        return None
    return found and (found.st_mtime_ns, found.st_size, found.st_ino)


def equal(ours: str | None, theirs: str) -> bool:
    """Tell whether both are the same, in a time that tells nothing of ours."""
    digests = (hashlib.sha256(one.encode("utf-8", "replace")).digest() for one in (ours or "", theirs))
    return hmac.compare_digest(*digests) and ours is not None
