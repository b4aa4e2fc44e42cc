"""Bring the schema up to date; Alembic is loaded only when there is something to do."""

import os
import sqlite3
from pathlib import Path
from typing import Any

#: The newest revision in `migrations/versions`; a test holds it against the folder.
HEAD = "0016"


def make_sqlite(path: Path) -> None:
    """Make or update the embedded database: before any other process opens it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and _sqlite_revision(path) == HEAD:
        return
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    upgrade(f"sqlite:///{path}", None)


def _sqlite_revision(path: Path) -> str | None:
    connection = sqlite3.connect(path)
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None
    except sqlite3.OperationalError:
        return None
    finally:
        connection.close()


def upgrade(url: str, password: str | None, revision: str = "head") -> None:
    """Run the missing migrations, up to a revision, in one transaction; one process at a time in a cluster."""
    import sqlalchemy as sa
    from alembic import command
    from alembic.config import Config

    address = sa.make_url(url)
    if address.drivername.startswith("postgres"):
        address = address.set(drivername="postgresql+psycopg", password=password or address.password)
    engine = sa.create_engine(address)
    if engine.dialect.name == "sqlite":
        _let_sqlite_roll_back(sa, engine)
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7013)"))  # any number: ours
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)
    engine.dispose()


def _let_sqlite_roll_back(sa: Any, engine: Any) -> None:
    """The driver commits before each CREATE TABLE by itself; a migration killed half way must leave the old schema."""
    sa.event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
