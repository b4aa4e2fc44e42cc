"""Index cards and search words of reports that an older Faultgate kept, made when the archive is prepared."""

from functools import partial

from records.standing import State
from storage import cards, search
from storage.database import Database, Transaction
from storage.deliveries import waiting
from storage.rows import moment
from storage.versions import newest

_CHUNK = 500  # reports of one commit: whatever is killed goes on from there, and no door waits long for it


def backfill(database: Database) -> int:
    """Make what is missing; gives the number of reports that had no card."""
    made, after = 0, 0
    while rows := database.write(partial(_some, after=after)):
        made, after = made + len(rows), rows[-1]
    return made


def _some(tx: Transaction, after: int) -> list[int]:
    rows = tx.all(
        "SELECT id FROM reports WHERE id > :after AND NOT EXISTS"
        " (SELECT 1 FROM standings WHERE standings.report = reports.id) ORDER BY id LIMIT :chunk",
        after=after, chunk=_CHUNK,
    )  # fmt: skip
    for row in rows:
        _card(tx, row["id"])
    return [row["id"] for row in rows]


def _card(tx: Transaction, report: int) -> None:
    """What was decided then left, flagged where it was odd: it is settled, but for what waits still, or never left."""
    cards.open_card(tx, report)
    version = newest(tx, report)
    if version is None:
        return
    cards.describe(tx, report, version.version, version.record)
    search.put(tx, report, version.record)
    first = tx.one("SELECT MIN(made_at) AS at FROM decisions WHERE report = :report", report=report)
    if first is None or first["at"] is None:
        return
    cards.stand(tx, report, State.ASKED if waiting(tx, report) else State.SETTLED, moment(first["at"]))
    for row in tx.all(
        "SELECT outcomes.state FROM deliveries JOIN outcomes ON outcomes.delivery = deliveries.id"
        " WHERE deliveries.opens = :report",
        report=report,
    ):
        if row["state"] == "parked":
            cards.undelivered(tx, report, moment(first["at"]))
        else:
            cards.ticketed(tx, report)
