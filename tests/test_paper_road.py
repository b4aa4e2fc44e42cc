"""Paper on the road: read by children of its own, divided, held for a person; readers read by a script.

What real readers make of real pages is told by `tests/normalizer`; here is what the road makes of what they say.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from classifier import Knowledge
from config.settings import Gateway, Readers, Storage
from normalizer.context import Context
from normalizer.guard import Guard, ReaderDied
from normalizer.job import Job, Normalized
from outbox.backends import Backend
from records.deliveries import Delivered, Refused, Ticket
from records.linking import Clues
from records.reading import Page, Reading
from records.record import Evidence, FaultRecord, Reporter
from records.standing import State
from records.tasks import MAX_ATTEMPTS, Step
from records.words import DecidedBy, Disposition, Order, Review
from storage import corrections
from storage.database import Database
from storage.versions import newest
from tests.desk import Desk, answer, letter
from tests.outbox.smarthost import Sink, running
from tests.storage.reports import CLERK, SENIOR, SOON, card, events, waiting

TIFF, NAME = "image/tiff", "Соколова Галина Петровна"
TEXT = "Третий день не работает интернет, на терминале горит красная лампочка LOS."


class Scripted(Guard):
    """Children that read by a script, and remember what they were asked."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Job, bool]] = []
        self.script: Callable[[Context], Normalized] = read

    def normalize(self, job: Job, *, niced: bool = False) -> Normalized:
        self.jobs.append((job, niced))
        return self.script(job.context)


def read(
    context: Context, *, letters: tuple[tuple[int, ...], ...] = (), wants: bool = False, **changes: Any
) -> Normalized:
    """What a child makes of a clean page."""
    fields: dict[str, Any] = {
        "id": context.id, "order": Order.REPORT, "channel": context.channel, "received_at": context.received_at,
        "due_at": context.due_at, "language": "ru", "description": TEXT, "original": context.original,
        "reporter": Reporter(name=NAME, phone="+79173402218"),
    }  # fmt: skip
    pages = tuple(Page(number=number) for number in context.pages or (1, 2, 3))
    return Normalized(
        reading=Reading(media_type=context.original.media_type, text=TEXT, pages=pages), clues=Clues(),
        record=FaultRecord(**{**fields, **changes}), letters=letters, wants_recognition=wants,
    )  # fmt: skip


def nameless(context: Context) -> Normalized:
    """What a child makes of a fax whose sender's name is a smear."""
    return read(
        context, reporter=Reporter(phone="+79173402218"), missing=("reporter.name",),
        needs_review=(Review.LOW_OCR_CONFIDENCE,),
        evidence={"reporter.name": Evidence(text="C0к0л", where="page", confidence=0.3, page=1)},
    )  # fmt: skip


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture
def guard() -> Scripted:
    return Scripted()


@pytest.fixture
def desk(profile: tuple[Gateway, Storage], database: Database, guard: Scripted, knowledge: Knowledge) -> Iterator[Desk]:
    sink = Sink()
    with running(sink) as port:
        yield Desk(profile, database, guard, knowledge, sink, port)


def fax(desk: Desk, content: bytes = b"II*\0 a fax", **how: Any) -> int:
    """Bring a fax in and do all that follows; gives its row."""
    receipt = desk.accept(content, None, channel="upload", media_type=TIFF, **how)
    desk.work()
    return receipt.report


def complete(desk: Desk, report: int, base: int = 1, **changes: Any) -> None:
    """Save what a clerk completed, and do all that follows."""
    with desk.database.read() as tx:
        seen = newest(tx, report)
    assert seen is not None
    made = replace(seen.record, **{"reporter": Reporter(name=NAME, phone="+79173402218"), **changes})
    work = partial(corrections.correct, report=report, base=base, record=made, by=CLERK, at=SOON, approval=False)
    desk.database.write(work)
    desk.work()


def test_clean_paper_becomes_a_ticket_by_itself(desk: Desk, guard: Scripted) -> None:
    report = fax(desk)

    assert [(job.context.recognise, niced) for job, niced in guard.jobs] == [(True, True)]
    stands = card(desk.database, report)
    assert (stands.state, stands.tickets, stands.disposition) == (State.SETTLED, 1, Disposition.INCIDENT)
    assert stands.settled_at is not None
    assert desk.sent() == []


def test_mail_is_read_by_its_own_children(desk: Desk, guard: Scripted) -> None:
    desk.handle(b"Subject: x\r\n\r\nhello", "galina@mail.example")

    assert [(job.context.recognise, niced) for job, niced in guard.jobs] == [(False, False)]


def test_paper_that_lacks_something_is_held_until_a_clerk_has_finished_it(desk: Desk, guard: Scripted) -> None:
    guard.script = nameless
    report = fax(desk)
    assert card(desk.database, report).state is State.REVIEW
    assert desk.outcomes(report) == []

    complete(desk, report)

    stands = card(desk.database, report)
    assert (stands.state, stands.version, stands.tickets) == (State.SETTLED, 2, 1)
    assert desk.tickets() == [(stands.id, "acknowledged", [])]
    [row] = desk.rows("SELECT body FROM tickets")
    assert NAME in row["body"]


@pytest.mark.parametrize("channel", ["upload", "scans"])
def test_a_damaged_file_from_a_scanner_is_held_though_nobody_can_tell_that_it_is_paper(
    desk: Desk, guard: Scripted, channel: str
) -> None:
    guard.script = lambda context: replace(
        read(context, needs_review=(Review.UNREADABLE_ORIGINAL,)),
        reading=Reading(media_type=context.original.media_type),
    )
    receipt = desk.accept(b"\0\1\2", None, channel=channel, media_type="application/octet-stream")
    desk.work()

    assert card(desk.database, receipt.report).state is State.REVIEW
    assert desk.outcomes(receipt.report) == []


def test_a_correction_after_the_ticket_left_is_noted_on_it(desk: Desk) -> None:
    report = fax(desk)
    complete(desk, report, description="Интернет и телевидение")
    complete(desk, report, 2, description="Интернет, телевидение и телефон")

    number = card(desk.database, report).id
    assert desk.tickets() == [(number, "acknowledged", [f"amend:{number}/2", f"amend:{number}/3"])]


def test_a_ticket_that_left_and_is_refused_is_withdrawn(desk: Desk) -> None:
    report = fax(desk)
    desk.database.write(partial(corrections.refuse, report=report, base=1, by=CLERK, at=SOON, remark="реклама"))
    desk.work()

    number = card(desk.database, report).id
    assert desk.tickets() == [(number, "cancelled", [f"withdraw:{number}/2"])]


def test_a_duplicate_is_noted_on_the_first(desk: Desk) -> None:
    first, second = fax(desk), fax(desk, b"II*\0 the same again")
    desk.database.write(partial(corrections.merge, report=second, base=1, into=first, by=CLERK, at=SOON))
    desk.work()

    one, two = card(desk.database, first).id, card(desk.database, second).id
    assert desk.tickets() == [(one, "acknowledged", [f"amend:{two}/2"]), (two, "cancelled", [f"withdraw:{two}/2"])]
    assert card(desk.database, second).state is State.SETTLED


def test_what_a_person_decided_is_not_decided_anew(desk: Desk) -> None:
    report = fax(desk)
    with desk.database.read() as tx:
        seen = newest(tx, report)
    assert seen is not None
    complete(
        desk, report, classification=replace(seen.record.classification, disposition=Disposition.TYPICAL_FIX)
    )  # fmt: skip

    with desk.database.read() as tx:
        made = newest(tx, report)
    assert made is not None
    decision = made.record.classification
    assert (decision.disposition, decision.decided_by) == (Disposition.TYPICAL_FIX, DecidedBy.CLERK)
    assert card(desk.database, report).disposition is Disposition.TYPICAL_FIX


def test_nothing_leaves_for_what_waits_for_a_senior(desk: Desk, guard: Scripted) -> None:
    guard.script = nameless
    report = fax(desk)
    with desk.database.read() as tx:
        seen = newest(tx, report)
    assert seen is not None
    made = replace(seen.record, reporter=Reporter(name=NAME, phone="+79173402218"))
    work = partial(corrections.correct, report=report, base=1, record=made, by=CLERK, at=SOON, approval=True)
    desk.database.write(work)
    desk.database.write(lambda tx: tx.run(  # as a parked question would
        "INSERT INTO tasks (step, subject, sender, due_at, not_before) VALUES ('classify', :report, '', 0, 0)",
        report=report,
    ))  # fmt: skip
    desk.work()
    assert (card(desk.database, report).state, desk.outcomes(report), desk.due()) == (State.APPROVAL, [], {})

    desk.database.write(partial(corrections.approve, report=report, version=2, by=SENIOR, at=SOON))
    desk.work()
    assert (card(desk.database, report).state, card(desk.database, report).tickets) == (State.SETTLED, 1)


def test_a_stack_is_divided_and_each_letter_read_by_itself(desk: Desk, guard: Scripted) -> None:
    def script(context: Context) -> Normalized:
        return read(context, letters=((1,), (3, 4)) if context.separator == "blank" else ())

    guard.script = script
    desk.accept(b"II*\0 a stack", None, channel="scans", media_type=TIFF)
    desk.work()

    told = [(job.context.id, job.context.separator, job.context.pages) for job, _ in guard.jobs]
    first, second = (row["id"] for row in desk.rows("SELECT id FROM reports ORDER BY id"))
    assert told == [
        (card(desk.database, first).id, "blank", ()), (card(desk.database, second).id, "none", (3, 4))
    ]  # fmt: skip
    assert [card(desk.database, report).tickets for report in (first, second)] == [1, 1]
    assert events(desk.database, first)[-1][:2] == ("road", "divided")


def test_a_mail_with_pages_is_recognised_before_it_has_a_record(desk: Desk, guard: Scripted) -> None:
    guard.script = lambda context: read(context, wants=not context.recognise)
    receipt = desk.handle(b"Subject: fax\r\n\r\n", "fax@fax.example")

    assert [(job.context.recognise, niced) for job, niced in guard.jobs] == [(False, False), (True, True)]
    assert desk.rows("SELECT version FROM records") == [{"version": 1}]
    assert card(desk.database, receipt.report).tickets == 1


def test_a_mail_whose_pages_kill_their_reader_is_read_without_them(desk: Desk, guard: Scripted) -> None:
    def script(context: Context) -> Normalized:
        if context.recognise:
            raise ReaderDied("killed by SIGKILL")
        return read(context, wants=True)

    guard.script = script
    receipt = desk.accept(b"Subject: fax\r\n\r\n", "galina@mail.example")
    for _ in range(MAX_ATTEMPTS + 1):
        desk.work()
        desk.later()

    record = desk.record(receipt)
    assert (record.description, record.needs_review) == (TEXT, (Review.UNREADABLE_ATTACHMENT,))


@pytest.mark.parametrize("media_type", [TIFF, "message/rfc822"])
def test_what_kills_its_reader_three_times_is_a_person_s(desk: Desk, guard: Scripted, media_type: str) -> None:
    def script(context: Context) -> Normalized:
        if context.recognise or len(guard.jobs) > 1:
            raise ReaderDied("killed by SIGKILL")
        return read(context, wants=True)

    guard.script = script
    receipt = desk.accept(b"II*\0 poison", "galina@mail.example", media_type=media_type)
    for _ in range(MAX_ATTEMPTS + 2):
        desk.work()
        desk.later()
    desk.work()

    assert Review.QUARANTINED in desk.record(receipt).needs_review
    assert card(desk.database, receipt.report).state is State.REVIEW
    assert desk.due() == {}
    left = [verb for verb, _ in desk.outcomes(receipt.report)]
    assert left == ([] if media_type == TIFF else ["create"])  # paper is held, mail goes on flagged


def test_a_clerk_s_question_is_mailed_and_its_answer_dispatches_the_fax(desk: Desk, guard: Scripted) -> None:
    guard.script = nameless
    report = fax(desk)
    email = Reporter(email="galina@mail.example", phone="+79173402218")
    complete(desk, report, reporter=email)
    assert card(desk.database, report).state is State.REVIEW
    desk.database.write(partial(corrections.ask, report=report, base=2, by=CLERK, at=SOON, text="Как вас зовут?"))
    desk.work()
    assert card(desk.database, report).state is State.ASKED
    [question] = desk.sent()
    assert question["To"] == "galina@mail.example"
    text = question.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert "Как вас зовут?" in text.decode()

    with_readers = Guard(Readers(processes=1))
    guard.script = lambda context: with_readers.normalize(replace(guard.jobs[-1][0], context=context))
    desk.handle(answer(question, f"Меня зовут {NAME}.\n\n{NAME}", "galina@mail.example"), "galina@mail.example")
    with_readers.close()

    stands = card(desk.database, report)
    assert (stands.state, stands.reporter, stands.tickets) == (State.SETTLED, NAME, 1)
    assert stands.settled_at is not None


def test_a_question_that_can_t_be_sent_is_told(desk: Desk, guard: Scripted) -> None:
    guard.script = lambda context: read(context, reporter=Reporter(name=NAME, email="no-reply@mail.example"),
                                        needs_review=(Review.LOW_OCR_CONFIDENCE,))  # fmt: skip
    report = fax(desk)
    desk.database.write(partial(corrections.ask, report=report, base=1, by=CLERK, at=SOON, text="?"))
    desk.work()

    assert card(desk.database, report).state is State.REVIEW
    assert card(desk.database, report).remark == "nobody reads there"
    assert events(desk.database, report)[-1] == ("road", "could not be asked", "nobody reads there")


class Closed:
    """A backend that refuses until it is told otherwise."""

    def __init__(self, behind: Backend) -> None:
        self._behind, self.closed = behind, True

    def create(self, ticket: Ticket) -> Delivered:
        if self.closed:
            raise Refused("the project is closed")
        return self._behind.create(ticket)

    def __getattr__(self, name: str) -> object:
        return getattr(self._behind, name)


def test_what_was_refused_by_a_backend_leaves_with_the_next_version(desk: Desk) -> None:
    closed = Closed(desk.backends["desk"])
    desk.backends["desk"] = closed  # type: ignore[assignment]
    report = fax(desk)
    assert card(desk.database, report).state is State.REVIEW
    assert Review.UNDELIVERED in card(desk.database, report).reviews

    closed.closed = False
    complete(desk, report)
    stands = card(desk.database, report)
    assert (stands.state, stands.tickets, stands.reviews) == (State.SETTLED, 1, ())


def test_an_undecided_mail_is_on_its_way_and_stands_before_a_person(desk: Desk, guard: Scripted) -> None:
    guard.script = lambda context: replace(
        read(context, description="Здравствуйте"), reading=Reading(media_type="message/rfc822")
    )
    receipt = desk.handle(letter("x", "galina@mail.example"), "galina@mail.example")

    stands = card(desk.database, receipt.report)
    assert (stands.state, stands.tickets, stands.settled_at) == (State.REVIEW, 1, None)
    assert Review.UNDECIDED in stands.reviews


def test_a_split_letter_is_read_again_in_both_parts(desk: Desk, guard: Scripted) -> None:
    report = fax(desk)
    new = desk.database.write(partial(corrections.split, report=report, base=1, pages=(2,), by=CLERK, at=SOON))
    assert [step for step, _ in waiting(desk.database)] == [Step.RECOGNIZE, Step.RECOGNIZE]
    desk.work()

    assert [job.context.pages for job, _ in guard.jobs[1:]] == [(1, 3), (2,)]
    one, two = card(desk.database, report).id, card(desk.database, new).id
    assert desk.tickets() == [(one, "acknowledged", [f"amend:{one}/2"]), (two, "acknowledged", [])]
