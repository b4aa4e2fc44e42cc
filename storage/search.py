"""Reports found by what stands in them: number, name, telephone, account, address, text, and the ticket's number."""

from records.numbers import report_of
from records.record import FaultRecord
from records.standing import Standing
from storage.database import Transaction
from storage.standings import standing, these
from storage.words import asked_for, words_of

_MANY = 12  # words of one query; who types more has pasted a letter


def find(tx: Transaction, text: str, limit: int) -> list[Standing]:
    """List the reports that have all words of the text, or words that begin with them; the newest first.

    The number of a report, whole, gives that one; the number of a ticket gives its report before the others.
    """
    report = report_of(text)
    found = standing(tx, report) if report is not None else None
    if found is not None:
        return [found]
    words = asked_for(text)[:_MANY]
    rows = [*_by_ticket(tx, text.strip(), limit), *(tx.matching(words, limit) if words else ())]
    return these(tx, list(dict.fromkeys(rows))[:limit])


def put(tx: Transaction, report: int, record: FaultRecord) -> None:
    """Let a report be found by this version of its record."""
    tx.index(report, words_of(record))


def _by_ticket(tx: Transaction, number: str, limit: int) -> list[int]:
    """Look a backend's own number up. Message-IDs of replies are no such numbers."""
    rows = tx.all(
        "SELECT deliveries.opens FROM outcomes JOIN deliveries ON deliveries.id = outcomes.delivery"
        " WHERE outcomes.external_id = :number AND deliveries.opens IS NOT NULL ORDER BY deliveries.id DESC"
        " LIMIT :limit",
        number=number, limit=limit,
    )  # fmt: skip
    return [row["opens"] for row in rows]
