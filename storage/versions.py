"""The versions of a report's record: who made each, and from what reading. Versions are added only."""

from datetime import datetime

from msgspec import Struct

from records.reading import Reading
from records.record import Classification, FaultRecord, classified
from storage import cards, search
from storage.database import Row, Transaction
from storage.rows import body, clean, micros, moment, noun


class Version(Struct, frozen=True, kw_only=True):
    """One version of a report's record, as it was written, with the newest reading of its original."""

    version: int
    made_at: datetime
    record: FaultRecord  # its classification is a person's, or empty: the machine's is a row of its own
    reading: Reading | None
    author: str | None = None  # login; None: the machine
    remark: str | None = None  # the author's words for those who come after him
    question: str | None = None  # a person's words to the reporter that are not on their way yet
    asking: bool = False  # the version is the question itself: nothing else leaves for it
    decided: bool = False  # what it calls for was planned already
    approved: bool = True  # False: it waits for a senior, or he said no; nothing may leave for it


class VersionRow(Struct, frozen=True, kw_only=True):
    """One version in a report's history; the record with its decision, as everybody outside sees it."""

    version: int
    made_at: datetime
    by: str | None  # login; None: the machine
    record: FaultRecord
    remark: str | None = None


_PUBLIC = (
    "SELECT records.version, records.made_at, records.author, records.remark, records.body AS record,"
    " decisions.body AS decision FROM records LEFT JOIN decisions ON decisions.report = records.report"
    " AND decisions.version = records.version WHERE records.report = :report ORDER BY records.version DESC"
)


def latest(tx: Transaction, report: int) -> Version | None:
    """Give the newest version of a report's record; a correction has the reading of the version before it."""
    row = tx.one(
        "SELECT version, made_at, body, author, remark, question FROM records WHERE report = :report"
        " ORDER BY version DESC LIMIT 1",
        report=report,
    )
    if row is None:
        return None
    return Version(
        version=row["version"], made_at=moment(row["made_at"]), record=noun(FaultRecord, row["body"]),
        reading=_reading(tx, report), author=row["author"], remark=row["remark"],
        question=_question(tx, report), asking=row["question"] is not None,
        decided=_is_decided(tx, report, row["version"]), approved=_is_approved(tx, report, row["version"]),
    )  # fmt: skip


def versions(tx: Transaction, report: int) -> list[VersionRow]:
    """List a report's versions, the newest first."""
    return [_public(row) for row in tx.all(_PUBLIC, report=report)]


def newest(tx: Transaction, report: int) -> VersionRow | None:
    """Give the newest version as everybody outside sees it."""
    row = tx.one(f"{_PUBLIC} LIMIT 1", report=report)
    return _public(row) if row else None


def add(
    tx: Transaction, report: int, record: FaultRecord, at: datetime, *,
    reading: Reading | None = None, author: str | None = None, remark: str | None = None, question: str | None = None,
) -> int:  # fmt: skip
    """Add a version, and bring it onto the index card and into the search; gives its number."""
    email = record.reporter.email
    row = tx.one(
        "INSERT INTO records (report, version, made_at, order_kind, email, body, reading, author, remark, question)"
        " SELECT :report, COALESCE(MAX(version), 0) + 1, :at, :order, :email, :body, :reading, CAST(:author AS TEXT),"
        " CAST(:remark AS TEXT), CAST(:question AS TEXT) FROM records WHERE report = :report RETURNING version",
        report=report, at=micros(at), order=record.order.value, email=email.lower() if email else None,
        body=body(record), reading=body(reading) if reading else None, author=author,
        remark=clean(remark) if remark else None, question=clean(question) if question else None,
    )  # fmt: skip
    version = int(row["version"]) if row else 0
    cards.describe(tx, report, version, record)
    search.put(tx, report, record)
    return version


def is_allowed(tx: Transaction, report: int) -> bool:
    """Tell whether what a clerk made of a report needs no senior's yes, or has it; his questions change nothing."""
    row = tx.one(
        "SELECT MAX(version) AS version FROM records WHERE report = :report AND question IS NULL", report=report
    )
    return row is None or row["version"] is None or _is_approved(tx, report, row["version"])


def decide(tx: Transaction, report: int, version: int, decision: Classification, at: datetime) -> None:
    """Keep the decision on a version; the first one stays."""
    tx.run(
        "INSERT INTO decisions (report, version, made_at, body) VALUES (:report, :version, :at, :body)"
        " ON CONFLICT (report, version) DO NOTHING",
        report=report, version=version, at=micros(at), body=body(decision),
    )  # fmt: skip


def record_of(row: Row) -> FaultRecord | None:
    """Give the public record of a row with `record` and `decision` columns."""
    if row["record"] is None:
        return None
    record = noun(FaultRecord, row["record"])
    return classified(record, noun(Classification, row["decision"])) if row["decision"] else record


def _public(row: Row) -> VersionRow:
    record = record_of(row)
    if record is None:
        raise LookupError("a version has a record")
    return VersionRow(
        version=row["version"], made_at=moment(row["made_at"]), by=row["author"], record=record, remark=row["remark"]
    )


def _reading(tx: Transaction, report: int) -> Reading | None:
    sql = "SELECT reading FROM records WHERE report = :report AND reading IS NOT NULL ORDER BY version DESC LIMIT 1"
    row = tx.one(sql, report=report)
    return noun(Reading, row["reading"]) if row else None


def _question(tx: Transaction, report: int) -> str | None:
    row = tx.one(
        "SELECT question FROM records WHERE report = :report AND question IS NOT NULL AND version >"
        " (SELECT COALESCE(MAX(version), 0) FROM decisions WHERE report = :report) ORDER BY version DESC LIMIT 1",
        report=report,
    )
    return row["question"] if row else None


def _is_decided(tx: Transaction, report: int, version: int) -> bool:
    sql = "SELECT 1 FROM decisions WHERE report = :report AND version = :version"
    return tx.one(sql, report=report, version=version) is not None


def _is_approved(tx: Transaction, report: int, version: int) -> bool:
    sql = "SELECT 1 FROM approvals WHERE report = :report AND version = :version AND COALESCE(approved, 0) = 0"
    return tx.one(sql, report=report, version=version) is None
