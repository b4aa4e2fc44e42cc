"""The byte-exact originals, read back."""

from storage.database import Transaction
from storage.originals import Originals


def original(tx: Transaction, originals: Originals | None, sha256: str) -> bytes:
    """Give an original's bytes, from its row or its file. Raises LookupError where neither is there."""
    row = tx.one("SELECT body FROM originals WHERE sha256 = :sha256", sha256=sha256)
    if row is not None and row["body"] is not None:
        return bytes(row["body"])
    if row is None or originals is None:
        raise LookupError(f"original {sha256} is not in the archive")
    try:
        return originals.path(sha256).read_bytes()
    except OSError as error:
        raise LookupError(f"original {sha256}: {error.strerror}; restore it from the backup") from error
