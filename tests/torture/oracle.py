"""What must hold whatever happened: acknowledged ⊆ found ⊆ attempted, one report each, byte for byte."""

import hashlib
import sqlite3
from collections import Counter
from pathlib import Path

from config.settings import Gateway, Storage
from storage.content import original
from storage.database import Database
from storage.opening import open_database, open_originals, prepare
from tests.torture.mails import Mail


class Ledger:
    """What the senders know: which mails they handed over, and which were promised to be kept."""

    def __init__(self, *attempted: Mail) -> None:
        self.attempted = {mail.sha256: mail for mail in attempted}
        self.acknowledged: set[str] = set()
        self.refused: list[str] = []  # 5xx answers: there must be none


def found(database: Database, gateway: Gateway, storage: Storage) -> Counter[str]:
    """Count the reports by their originals' hash; each original is read back and hashed anew."""
    originals = open_originals(gateway, storage)
    with database.read() as tx:
        rows = tx.all("SELECT sha256, size FROM reports")
        for row in rows:
            content = original(tx, originals, row["sha256"])
            assert (len(content), _sha256(content)) == (row["size"], row["sha256"]), "half a message is visible"
        return Counter(row["sha256"] for row in rows)


def judge(ledger: Ledger, there: Counter[str]) -> None:
    """Hold the archive against the ledger."""
    lost, unexpected = ledger.acknowledged - there.keys(), there.keys() - ledger.attempted.keys()
    twice = [sha256 for sha256, reports in there.items() if reports > 1]
    assert not ledger.refused, f"refused for good: {ledger.refused[:5]}"
    assert not lost, f"acknowledged and lost: {_named(ledger, lost)}"
    assert not unexpected, f"{len(unexpected)} reports were never sent"
    assert not twice, f"two reports of one mail: {_named(ledger, twice)}"


def restarted(gateway: Gateway, storage: Storage) -> Database:
    """Open the archive as the next start of the gateway does, and see that it is whole."""
    prepare(gateway, storage)
    if storage.url is None:
        assert not list((Path(gateway.data) / "originals" / "spool").iterdir()), "the spool is not cleaned"
        whole(Path(gateway.data) / "faultgate.db")
    return open_database(gateway, storage)


def whole(path: Path) -> None:
    """SQLite's own verdict."""
    connection = sqlite3.connect(path, timeout=10)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def _named(ledger: Ledger, hashes: object) -> list[str]:
    names = [ledger.attempted[one].marker for one in hashes if one in ledger.attempted]  # type: ignore[attr-defined]
    return sorted(names)[:10]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
