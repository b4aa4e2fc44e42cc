"""Planted faults for the order trace: `lax_doors FAULT WIRING` is the doors' process with one promise too many."""

import sqlite3
import sys
from pathlib import Path

from config.wiring import load
from gateway.doors import run
from storage import originals
from storage.sqlite import Sqlite

_connect = Sqlite._connect


def _connect_lax(self: Sqlite) -> sqlite3.Connection:
    connection = _connect(self)
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


if __name__ == "__main__":
    match sys.argv[1]:
        case "synchronous":
            Sqlite._connect = _connect_lax  # type: ignore[method-assign]
        case "folder":
            originals._sync = lambda folder: None  # noqa: ARG005 (its name is part of the signature)
        case "file":
            originals.os.fsync = lambda _: None  # type: ignore[attr-defined]
    run(load(Path(sys.argv[2])))
