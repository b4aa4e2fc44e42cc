"""Which pages of an original a report is, where one original holds several reports."""

import msgspec
from msgspec import Struct

from storage.database import Transaction


class Extent(Struct, frozen=True, kw_only=True):
    """One report's share of its original."""

    parent: int | None = None  # the report that it was divided from; None: it holds the original's first letter
    pages: tuple[int, ...] = ()  # of the original, from 1; empty: all


def extent(tx: Transaction, report: int) -> Extent | None:
    """Give a report's share of its original; None where its original was never divided."""
    row = tx.one("SELECT parent, pages FROM extents WHERE report = :report", report=report)
    return Extent(parent=row["parent"], pages=msgspec.json.decode(row["pages"], type=tuple[int, ...])) if row else None


def set_extent(tx: Transaction, report: int, extent: Extent) -> None:
    """Write down a report's share of its original."""
    tx.run(
        "INSERT INTO extents (report, parent, pages) VALUES (:report, :parent, :pages)"
        " ON CONFLICT (report) DO UPDATE SET pages = excluded.pages",
        report=report, parent=extent.parent, pages=msgspec.json.encode(extent.pages).decode(),
    )  # fmt: skip
