"""What people do to a record: one version, one event, one task; nobody overwrites another."""

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from records.arrival import Envelope
from records.partner import PartnerStatus, PartnerTicket
from records.people import Person
from records.record import Affected, Classification, Evidence, PostalAddress, Reporter
from records.standing import Level, State
from records.tasks import Step
from records.words import DecidedBy, Disposition, Order, Review, Urgency
from storage import corrections, tasks
from storage.corrections import Conflict, NobodyToAsk
from storage.database import Database
from storage.opening import open_database
from storage.story import story
from tests.storage.reports import (
    CLERK,
    INCIDENT,
    OTHER,
    SENIOR,
    SOON,
    Profile,
    begun,
    card,
    decide,
    events,
    kept,
    newest,
    read,
    record,
    settled,
    waiting,
)  # fmt: skip

DOUBTFUL = {
    "reporter": Reporter(email="galina@mail.example"), "missing": ("reporter.name",),
    "needs_review": (Review.LOW_OCR_CONFIDENCE,),
    "evidence": {
        "reporter.name": Evidence(text="C0колова", where="page", confidence=0.3, page=1, box=(1, 2, 3, 4)),
        "reporter.email": Evidence(text="galina@mail.example", where="page", confidence=0.9, page=1),
    },
}  # fmt: skip


def correct(database: Database, report: int, base: int, by: Person = CLERK, **changes: Any) -> int:
    before = newest(database, report).record
    made = replace(before, **changes)
    return database.write(
        partial(corrections.correct, report=report, base=base, record=made, by=by, at=SOON, approval=False)
    )


@pytest.fixture
def doubtful(database: Database, profile: Profile) -> int:
    """A report of which a name could not be read for sure."""
    report = kept(database, profile)
    decide(database, read(database, report, record(**DOUBTFUL)), held=True)
    return report


NAMED = Reporter(name="Соколова Галина", email="galina@mail.example")


def test_what_a_person_finishes_is_settled_and_goes_on_the_road(database: Database, doubtful: int) -> None:
    assert card(database, doubtful).state is State.REVIEW
    version = correct(database, doubtful, 1, reporter=NAMED, classification=INCIDENT)

    stands = card(database, doubtful)
    assert (version, stands.version, stands.state, stands.settled_at) == (2, 2, State.SETTLED, SOON)
    assert stands.reporter == "Соколова Галина"
    assert waiting(database) == [(Step.CLASSIFY, doubtful)]
    made = newest(database, doubtful)
    assert (made.author, made.record.missing, made.record.needs_review) == ("vera", (), ())
    assert events(database, doubtful)[-1] == ("vera", "corrected", None)


def test_what_a_partner_s_ticket_says_stays(database: Database, profile: Profile) -> None:
    ticket = PartnerTicket(name="Acme", status=PartnerStatus.NEW, circuits=("LL-43",))
    report = kept(database, profile)
    decide(database, read(database, report, record(**DOUBTFUL, partner=ticket)), held=True)
    correct(database, report, 1, reporter=NAMED, partner=None)
    assert newest(database, report).record.partner == ticket


def test_each_changed_field_has_the_person_as_its_source(database: Database, doubtful: int) -> None:
    correct(database, doubtful, 1, reporter=NAMED, affected=Affected(address=PostalAddress(city="Уфа")))

    evidence = newest(database, doubtful).record.evidence
    told = Evidence(text="Соколова Галина", where="clerk", confidence=1.0, page=1, box=(1, 2, 3, 4))
    assert evidence["reporter.name"] == told  # it keeps its place on the page
    assert evidence["affected.address.city"] == Evidence(text="Уфа", where="clerk", confidence=1.0)
    assert evidence["reporter.email"].where == "page"  # as it was read

    correct(database, doubtful, 2, SENIOR, reporter=replace(NAMED, phone="+79173402218"))
    assert newest(database, doubtful).record.evidence["reporter.phone"].where == "senior"


def test_what_he_leaves_empty_is_not_to_be_checked_any_more(database: Database, doubtful: int) -> None:
    correct(database, doubtful, 1)

    made = newest(database, doubtful).record
    assert (made.missing, made.needs_review) == (("reporter.name",), ())
    assert "reporter.name" not in made.evidence
    assert card(database, doubtful).state is State.REVIEW  # a clerk does not send what is incomplete


def test_a_senior_may_say_that_there_is_nobody_to_ask(database: Database, doubtful: int) -> None:
    correct(database, doubtful, 1, SENIOR, classification=INCIDENT)

    assert newest(database, doubtful).record.needs_review == (Review.INCOMPLETE,)
    assert card(database, doubtful).state is State.SETTLED


def test_what_the_doors_and_readers_said_stays(database: Database, doubtful: int) -> None:
    before = newest(database, doubtful).record
    correct(database, doubtful, 1, id="FR-1999-0000001", channel="x", due_at=SOON + timedelta(days=9), attachments=())

    made = newest(database, doubtful).record
    for name in ("id", "channel", "due_at", "attachments", "machine_mail"):
        assert getattr(made, name) == getattr(before, name)


def test_a_person_s_decision_is_his_and_stays(database: Database, profile: Profile) -> None:
    report = settled(database, profile)
    typical = Classification(disposition=Disposition.TYPICAL_FIX, solution="restart")
    correct(database, report, 1, classification=typical)
    assert newest(database, report).record.classification.decided_by is DecidedBy.CLERK
    decide(database, begun(database), newest(database, report).record.classification)

    public = correct_public(database, report, description="Нет интернета и телевидения")
    assert public.decided_by is DecidedBy.CLERK
    assert public.solution == "restart"


def correct_public(database: Database, report: int, **changes: Any) -> Classification:
    """Save what the desk shows, with one change."""
    with database.read() as tx:
        seen = corrections.versions(tx, report)[0]
    made = replace(seen.record, **changes)
    database.write(
        partial(corrections.correct, report=report, base=seen.version, record=made, by=CLERK, at=SOON, approval=False)
    )
    return newest(database, report).record.classification


def test_what_he_leaves_as_the_machine_decided_is_decided_anew(database: Database, profile: Profile) -> None:
    report = settled(database, profile)

    assert correct_public(database, report, description="Другое") == Classification()


def test_two_people_cannot_overwrite_each_other(database: Database, doubtful: int) -> None:
    correct(database, doubtful, 1, CLERK, reporter=NAMED)
    with pytest.raises(Conflict) as conflict:
        correct(database, doubtful, 1, OTHER, reporter=replace(NAMED, name="Другая"))

    latest = conflict.value.latest
    assert (latest.version, latest.by, latest.record.reporter.name) == (2, "vera", "Соколова Галина")
    assert newest(database, doubtful).version == 2


def test_two_desks_at_the_same_moment_save_once(database: Database, profile: Profile, doubtful: int) -> None:
    other, outcomes = open_database(*profile), []
    start = threading.Barrier(2)

    def save(archive: Database, by: Person) -> None:
        start.wait()
        try:
            outcomes.append(correct(archive, doubtful, 1, by, reporter=NAMED))
        except Conflict as conflict:
            outcomes.append(-conflict.latest.version)

    threads = [threading.Thread(target=save, args=pair) for pair in ((database, CLERK), (other, OTHER))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert sorted(outcomes) == [-2, 2]


def test_who_types_it_in_before_it_is_read_makes_the_reader_late(database: Database, profile: Profile) -> None:
    report = kept(database, profile)
    reading = begun(database)
    made = record(classification=INCIDENT)
    database.write(partial(corrections.correct, report=report, base=0, record=made, by=CLERK, at=SOON, approval=False))

    with pytest.raises(tasks.Late):
        database.write(partial(tasks.finish, task=reading))
    assert newest(database, report).record.evidence["description"].where == "clerk"
    assert waiting(database) == [(Step.CLASSIFY, report)]


def test_refused_is_no_fault_any_more(database: Database, doubtful: int) -> None:
    database.write(partial(corrections.refuse, report=doubtful, base=1, by=CLERK, at=SOON, remark="реклама"))

    assert newest(database, doubtful).record.order is Order.NOT_A_FAULT
    assert newest(database, doubtful).remark == "реклама"
    assert card(database, doubtful).state is State.SETTLED
    assert events(database, doubtful)[-1] == ("vera", "refused", "реклама")


def test_asked_waits_for_the_answer_and_keeps_its_doubts(database: Database, doubtful: int) -> None:
    database.write(partial(corrections.ask, report=doubtful, base=1, by=CLERK, at=SOON, text="Как вас зовут?"))

    made = newest(database, doubtful)
    assert (made.question, made.asking, made.record.needs_review) == (
        "Как вас зовут?", True, (Review.LOW_OCR_CONFIDENCE,)
    )  # fmt: skip
    assert card(database, doubtful).state is State.ASKED
    assert card(database, doubtful).settled_at is None
    decide(database, begun(database), asks=True)
    assert newest(database, doubtful).question is None  # it is on its way


@pytest.mark.parametrize("email", [None, "galina", "a b@mail.example"])
def test_where_nobody_can_be_asked_nothing_changes(database: Database, profile: Profile, email: str | None) -> None:
    report = settled(database, profile, reporter=Reporter(name="Г", phone="+79173402218", email=email))

    with pytest.raises(NobodyToAsk):
        database.write(partial(corrections.ask, report=report, base=1, by=CLERK, at=SOON, text="?"))
    assert newest(database, report).version == 1
    assert waiting(database) == []


def test_who_wrote_in_a_chat_is_asked_there(database: Database, profile: Profile) -> None:
    report = kept(database, profile, envelope=Envelope(sender="telegram:77", chat="telegram:77"))
    decide(database, read(database, report, record(reporter=Reporter(name="Г", messenger="telegram:77"))))
    database.write(partial(corrections.ask, report=report, base=1, by=CLERK, at=SOON, text="Где?"))
    assert newest(database, report).question == "Где?"
    assert card(database, report).state is State.ASKED


def test_passed_on_it_is_a_senior_s_with_the_reason(database: Database, doubtful: int) -> None:
    database.write(partial(corrections.pass_on, report=doubtful, by=CLERK, at=SOON, reason="не разобрать"))

    stands = card(database, doubtful)
    assert (stands.state, stands.level, stands.remark) == (State.REVIEW, Level.SENIOR, "не разобрать")
    assert newest(database, doubtful).version == 1


@pytest.mark.parametrize("when", ["unread", "read"])
def test_passed_on_before_the_road_has_decided_it_stays_the_senior_s(
    database: Database, profile: Profile, when: str
) -> None:
    report = kept(database, profile)
    pass_on = partial(corrections.pass_on, report=report, by=CLERK, at=SOON, reason="droht mit Anwalt")
    if when == "unread":
        database.write(pass_on)
    task = read(database, report, record())
    if when == "read":
        database.write(pass_on)
    decide(database, task)
    stands = card(database, report)
    assert (stands.state, stands.level, stands.settled_at) == (State.REVIEW, Level.SENIOR, None)

    database.write(
        partial(corrections.correct, report=report, base=1, record=newest(database, report).record, by=SENIOR,
                at=SOON + timedelta(minutes=1), approval=False)
    )  # fmt: skip
    decide(database, begun(database))
    assert card(database, report).state is State.SETTLED


def test_urgent_changes_nothing_else(database: Database, doubtful: int) -> None:
    database.write(
        partial(corrections.urge, report=doubtful, base=1, by=SENIOR, at=SOON, urgency=Urgency.URGENT)
    )  # fmt: skip

    made = newest(database, doubtful).record
    assert made.urgency is Urgency.URGENT
    assert made.needs_review == (Review.LOW_OCR_CONFIDENCE,)
    assert card(database, doubtful).urgency is Urgency.URGENT
    assert card(database, doubtful).state is State.REVIEW


def test_an_urgent_mark_lets_nothing_go_incomplete(database: Database, profile: Profile) -> None:
    """What an answer left incomplete the machine marks so; that is no senior's word."""
    report = kept(database, profile)
    lacking = record(reporter=Reporter(), missing=("reporter.name",), needs_review=(Review.INCOMPLETE,))
    decide(database, read(database, report, lacking), held=True)
    urge = partial(corrections.urge, report=report, by=CLERK, at=SOON, urgency=Urgency.URGENT)
    database.write(partial(urge, base=1))
    assert newest(database, report).record.needs_review == ()
    assert (card(database, report).state, card(database, report).settled_at) == (State.REVIEW, None)

    correct(database, report, 2, by=SENIOR)
    database.write(partial(urge, base=3))
    assert newest(database, report).record.needs_review == (Review.INCOMPLETE,)


def test_a_duplicate_becomes_a_follow_up_of_the_first(database: Database, profile: Profile) -> None:
    first, second, third = (settled(database, profile, content) for content in (b"1", b"2", b"3"))
    number = newest(database, first).record.id
    database.write(partial(corrections.merge, report=second, base=1, into=first, by=CLERK, at=SOON))

    made = newest(database, second).record
    assert (made.order, made.reference) == (Order.FOLLOW_UP, number)
    assert card(database, second).state is State.SETTLED
    assert events(database, first)[-1][1] == f"{made.id} was merged into it"

    database.write(partial(corrections.merge, report=third, base=1, into=second, by=CLERK, at=SOON))
    assert newest(database, third).record.reference == number  # of a follow-up's own there is no ticket


def test_into_itself_or_nothing_is_not_merged(database: Database, profile: Profile) -> None:
    report, advert = settled(database, profile), settled(database, profile, b"2", order=Order.NOT_A_FAULT)

    for into in (report, advert, 999):
        with pytest.raises(ValueError, match=r"merged|number"):
            database.write(partial(corrections.merge, report=report, base=1, into=into, by=CLERK, at=SOON))
    assert newest(database, report).version == 1


def test_what_is_not_there_is_told(database: Database, profile: Profile) -> None:
    unread = kept(database, profile)
    for work in (
        partial(corrections.refuse, report=unread, base=0, by=CLERK, at=SOON, remark="x"),
        partial(corrections.refuse, report=999, base=1, by=CLERK, at=SOON, remark="x"),
        partial(corrections.pass_on, report=999, by=CLERK, at=SOON, reason="x"),
    ):
        with pytest.raises(LookupError):
            database.write(work)


def test_a_correction_has_the_reading_of_the_version_before(database: Database, profile: Profile) -> None:
    report = settled(database, profile)
    correct(database, report, 1, description="Другое")
    with database.read() as tx:
        stored = tx.all("SELECT version, reading FROM records WHERE report = :report ORDER BY version", report=report)
    assert [row["reading"] for row in stored] == [None, None]


def test_the_story_tells_who_made_each_version(database: Database, doubtful: int) -> None:
    correct(database, doubtful, 1, reporter=NAMED)
    with database.read() as tx:
        told = [(one.actor, one.what) for one in story(tx, doubtful)]
    assert ("normalizer", "record, version 1") in told
    assert ("vera", "record, version 2") in told
    assert ("vera", "corrected") in told


def test_an_older_version_s_decision_sends_nothing_any_more(database: Database, profile: Profile) -> None:
    """The machine was about to dispatch what a person has just changed: the newest version speaks."""
    report = kept(database, profile)
    machine = read(database, report, record())
    correct(database, report, 1, description="Другое", classification=INCIDENT)
    version = newest(database, report)
    assert decide(database, machine, version=1) == []
    assert card(database, report).version == version.version
