"""What people made of reports, as labelled texts: the person's word, beside what the machine had said."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from records.deliveries import Kind
from records.quality import CLASS
from records.record import Classification, FaultRecord
from records.words import DecidedBy, Disposition, Order
from storage import corrections, labels
from storage.database import Database
from storage.labels import Label
from tests.storage.reports import CLERK, INCIDENT, SOON, Profile, decide, kept, newest, read, record, settled
from tests.storage.test_verdicts import give, replied

FIX = Classification(disposition=Disposition.TYPICAL_FIX, solution="restart-router")


def found(database: Database, **wanted: Any) -> list[Label]:
    with database.read() as tx:
        return list(labels.labels(tx, **wanted))


def correct(database: Database, report: int, **changes: Any) -> None:
    before = newest(database, report)
    made: FaultRecord = replace(before.record, **changes)
    database.write(
        partial(corrections.correct, report=report, base=before.version, record=made, by=CLERK, at=SOON, approval=False)
    )


def test_a_person_s_class_is_the_label_and_the_machine_s_stands_beside_it(database: Database, profile: Profile) -> None:
    report = settled(database, profile)
    assert found(database) == []
    correct(database, report, classification=FIX)
    [one] = found(database)
    assert (one.label, one.by) == ("typical_fix", CLERK.login)
    assert one.record.classification.decided_by is DecidedBy.CLERK
    assert one.seen.classification.disposition is INCIDENT.disposition
    assert one.seen.description == "Нет интернета"


def test_what_a_person_left_as_the_machine_said_is_the_machine_s_word_confirmed(
    database: Database, profile: Profile
) -> None:
    report = settled(database, profile)
    correct(database, report, description="Нет интернета с утра", classification=INCIDENT)
    assert [one.label for one in found(database)] == ["incident"]


def test_no_fault_is_other_and_what_nobody_decided_has_no_label(database: Database, profile: Profile) -> None:
    undecided = kept(database, profile, b"Subject: y\r\n\r\nhm")
    decide(database, read(database, undecided, record(description="hm")), Classification())
    correct(database, undecided, description="hm?")
    database.write(lambda tx: tx.run("UPDATE tasks SET done_at = 1"))
    report = settled(database, profile)
    correct(database, report, order=Order.NOT_A_FAULT)
    assert {one.label for one in found(database)} == {"other", None}


def test_the_last_word_counts_and_the_language_is_chosen(database: Database, profile: Profile) -> None:
    report = settled(database, profile)
    correct(database, report, order=Order.NOT_A_FAULT)
    correct(database, report, order=Order.REPORT, classification=FIX)
    assert [one.label for one in found(database, language="ru")] == ["typical_fix"]
    assert found(database, language="zh") == []
    assert found(database, since=SOON.replace(year=2027)) == []


def advised(database: Database, profile: Profile, content: bytes = b"Subject: x\r\n\r\nhello") -> int:
    """Let the machine send a typical solution."""
    report = kept(database, profile, content)
    decide(database, read(database, report, record()), FIX)
    replied(database, report, Kind.SOLUTION)
    return report


@pytest.mark.parametrize(("solved", "label"), [(True, "typical_fix"), (False, "incident")])
def test_what_a_customer_says_of_our_solution_is_a_label(
    database: Database, profile: Profile, solved: bool, label: str  # noqa: FBT001 - a case
) -> None:  # fmt: skip
    report = advised(database, profile)
    assert found(database) == []
    give(database, report, solved=solved, at=SOON + timedelta(hours=1))
    [one] = found(database)
    assert (one.label, one.by) == (label, None)
    assert one.seen.classification == FIX
    assert one.truth == {CLASS: label}


def test_what_he_says_of_an_incident_s_end_is_none(database: Database, profile: Profile) -> None:
    report = settled(database, profile)
    replied(database, report, Kind.SOLVED_QUESTION)
    give(database, report, solved=False, at=SOON + timedelta(hours=1))
    assert found(database) == []


def test_the_later_of_the_two_counts(database: Database, profile: Profile) -> None:
    report = advised(database, profile)
    database.write(lambda tx: tx.run("UPDATE tasks SET done_at = 1"))
    other = advised(database, profile, b"Subject: y\r\n\r\nhello")
    correct(database, report, classification=FIX)  # at SOON
    give(database, report, solved=False, at=SOON + timedelta(hours=1))
    [one] = found(database)
    assert (one.label, one.by, one.helped) == ("incident", CLERK.login, False)
    give(database, other, solved=False, at=SOON)
    correct(database, other, classification=FIX)
    assert [one.label for one in found(database)] == ["typical_fix", "incident"]


def test_what_a_person_left_is_a_truth_and_what_he_did_not_decide_is_not_judged(
    database: Database, profile: Profile
) -> None:
    report = settled(database, profile)
    correct(database, report, order=Order.NOT_A_FAULT)
    [one] = found(database)
    assert one.truth[CLASS] is None
    assert one.truth["reporter.name"] == "Соколова Галина"

    undecided = kept(database, profile, b"Subject: y\r\n\r\nhm")
    database.write(lambda tx: tx.run("UPDATE tasks SET done_at = 1 WHERE subject = :it", it=report))
    decide(database, read(database, undecided, record(description="hm")), Classification())
    correct(database, undecided, description="hm?")
    assert CLASS not in found(database)[-1].truth
