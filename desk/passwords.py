"""Passwords: argon2id, and the rule for new ones."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from desk.words import N_

#: OWASP's least: 19 MiB, two passes, one lane.
_MEMORY, _PASSES, _LANES = 19 * 1024, 2, 1
_AT_ONCE = 4  # so that a crowd at the door takes neither memory nor cores from the house
SHORTEST, LONGEST = 10, 200


class Passwords:
    """Hashes and checks passwords; safe from any thread."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY, parallelism=_LANES)
        self._turn = threading.BoundedSemaphore(_AT_ONCE)
        self._nobodys = self.hashed("nobody's password")

    def hashed(self, password: str) -> str:
        """Give the hash to keep."""
        with self._turn:
            return self._hasher.hash(password)

    def match(self, kept: str | None, password: str) -> bool:
        """Tell whether it is the password; for an unknown person (None) the same work is done, and the answer is no."""
        with self._turn:
            try:
                self._hasher.verify(kept or self._nobodys, password)
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None


def objection(password: str, login: str) -> str | None:
    """Say what is wrong with a new password (English, a message of the catalogues); None where it will do."""
    if not SHORTEST <= len(password) <= LONGEST:
        return N_("A password has 10 to 200 characters.")
    if password.casefold() == login.casefold():
        return N_("The password must not be the login.")
    return None
