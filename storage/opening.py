"""Prepare and open the archive that the wiring file names."""

import os
import secrets
from pathlib import Path

from config.settings import Gateway, Storage
from storage.backfill import backfill
from storage.database import Database
from storage.migrate import make_sqlite, upgrade
from storage.originals import Originals

_DATABASE = "faultgate.db"


def prepare(gateway: Gateway, storage: Storage) -> None:
    """Make what is missing: folders, schema, reply key. Done once, before any other process starts."""
    data = Path(gateway.data)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    _make_reply_key(data)
    if storage.url is None:
        make_sqlite(data / _DATABASE)
        Originals(data / "originals", storage.min_free).prepare()
    else:
        upgrade(storage.url, _password(storage))
    database = open_database(gateway, storage)
    try:
        backfill(database)
    finally:
        database.close()


def open_database(gateway: Gateway, storage: Storage) -> Database:
    """Open the archive's rows; PostgreSQL's driver is loaded only where it is wired."""
    if storage.url is None:
        from storage.sqlite import Sqlite

        return Database(Sqlite(Path(gateway.data) / _DATABASE))
    from storage.postgres import Postgres

    return Database(Postgres(storage.url, _password(storage)))


def open_originals(gateway: Gateway, storage: Storage) -> Originals | None:
    """Open the folder of large originals; in a cluster there is none: they lie in PostgreSQL with their rows."""
    return Originals(Path(gateway.data) / "originals", storage.min_free) if storage.url is None else None


def reply_key(gateway: Gateway) -> bytes:
    """Give the key of reply tokens: the wired secret, otherwise the one made by `prepare`."""
    if gateway.reply_key is not None:
        return gateway.reply_key.reveal().encode()
    return (Path(gateway.data) / "reply.key").read_bytes()


def _make_reply_key(data: Path) -> None:
    try:
        handle = os.open(data / "reply.key", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
        file.flush()
        os.fsync(file.fileno())


def _password(storage: Storage) -> str | None:
    return storage.password.reveal() if storage.password else None
