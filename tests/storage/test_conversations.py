"""What is heard in a chat is kept once, and belongs to one report until that is finished."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from records.chat import NamedFile
from records.deliveries import Delivery, Kind, Reply, Verb
from records.record import FaultRecord
from records.status import Status
from records.tasks import Lane, Task
from storage import chat_files, conversations, statuses, tasks, verdicts, versions
from storage import records as archive
from storage.conversations import FULL, Said, Seen
from storage.database import Database
from storage.deliveries import add_delivery
from storage.opening import open_originals
from storage.rows import micros
from tests.storage.chats import AT, PACE, Profile, hear, heard, reception, reports_of, rows
from tests.storage.reports import begun, decide, record, waiting

PHOTO = NamedFile(reference="AgAC-1", media_type="image/jpeg", size=9)


def said(database: Database, profile: Profile, report: int) -> Said:
    with database.read() as tx:
        found = conversations.said(tx, open_originals(*profile), report)
    assert found is not None
    return found


def read(database: Database, profile: Profile, task: Task, seen: Seen | None = None) -> list[Task]:
    """T2 of a conversation, as far as it is there."""
    seen = seen or said(database, profile, task.subject).seen
    return database.write(
        partial(archive.normalized, task=task, record=_record(database, task), reading=None, made_at=AT, seen=seen)
    )


def _record(database: Database, task: Task) -> FaultRecord:
    with database.read() as tx:
        kept = archive.kept(tx, task.subject)
    assert kept is not None
    return replace(record(), id=kept.id, received_at=kept.received_at, due_at=kept.due_at)


def settle(database: Database, profile: Profile) -> int:
    [following] = read(database, profile, begun(database))
    decide(database, following)
    return following.subject


def save(database: Database, report: int) -> None:
    """A clerk's version."""
    database.write(lambda tx: versions.add(tx, report, record(), AT, author="vera"))


def versions_of(database: Database, report: int) -> int:
    return len(rows(database, "SELECT 1 FROM records WHERE report = :report", report=report))


def test_messages_in_a_row_are_one_report_and_read_once(database: Database, profile: Profile) -> None:
    hear(database, profile, *(heard(number) for number in range(1, 6)))

    assert reports_of(database) == [1] * 5
    assert waiting(database) == [("normalize", 1)]
    content = said(database, profile, 1).content
    assert content == b"".join(b"\x1e" + heard(number).content + b"\n" for number in range(1, 6))
    [row] = rows(database, "SELECT * FROM reports")
    assert row["media_type"] == "application/vnd.telegram-update+json"
    assert '"sender":"telegram:42"' in row["envelope"]
    assert '"chat":"telegram:42"' in row["envelope"]


def test_reading_waits_until_it_is_quiet(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1), pace=replace(PACE, quiet=timedelta(minutes=1)))

    with database.read() as tx:
        assert not tasks.due(tx, 10)
    assert waiting(database) == [("normalize", 1)]


def test_an_update_that_comes_again_changes_nothing(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1, files=(PHOTO,)), heard(1, files=(PHOTO,)))

    assert reports_of(database) == [1]
    assert waiting(database) == [("fetch", 1), ("normalize", 1)]


def test_all_that_is_heard_at_once_is_one_report_each_chat(database: Database, profile: Profile) -> None:
    house = reception(database, profile)
    updates = [heard(number, chat=f"telegram:{number % 7}") for number in range(70)]

    async def at_once() -> None:
        await asyncio.gather(*(house.hear(one) for one in [*updates, *updates]))

    asyncio.run(at_once())

    assert len(reports_of(database)) == 70
    assert len(set(reports_of(database))) == 7


@pytest.mark.parametrize(
    "changes", [{"opens": False}, {"chat": None}, {"opens": False, "joins": False}], ids=["command", "no chat", "group"]
)
def test_what_opens_no_report_is_kept_without_one(
    database: Database, profile: Profile, changes: dict[str, Any]
) -> None:
    hear(database, profile, heard(1, **changes))

    assert reports_of(database) == [None]
    assert waiting(database) == []


def test_a_button_joins_a_conversation(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1), heard(2, opens=False), heard(3, opens=False, joins=False))

    assert reports_of(database) == [1, 1, None]


def test_channels_know_nothing_of_each_other(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1), heard(1, channel="max"))

    assert reports_of(database) == [1, 2]


def test_a_message_while_one_is_read_is_read_later(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1))
    task = begun(database)
    seen = said(database, profile, 1).seen
    hear(database, profile, heard(2))

    assert waiting(database) == [("normalize", 1)]
    read(database, profile, task, seen)
    read(database, profile, begun(database))
    assert versions_of(database, 1) == 2


def test_an_older_reading_never_overwrites_a_newer_one(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1))
    slow, old = begun(database), said(database, profile, 1).seen
    hear(database, profile, heard(2))
    assert read(database, profile, begun(database))

    assert read(database, profile, slow, old) == []
    assert versions_of(database, 1) == 1
    with pytest.raises(tasks.Late):
        read(database, profile, slow, old)


def test_a_message_of_a_later_hour_has_its_own_time(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1))
    settle(database, profile)
    hear(database, profile, heard(2, received_at=AT + timedelta(hours=5)))

    [following] = read(database, profile, begun(database))
    assert following.due_at == AT + timedelta(hours=7)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.CANCELLED, Status.REJECTED])
def test_after_the_end_a_message_is_a_new_report(database: Database, profile: Profile, status: Status) -> None:
    hear(database, profile, heard(1))
    database.write(partial(statuses.change, report=1, to=status, at=AT, actor="desk"))
    hear(database, profile, heard(2, opens=False), heard(3), heard(4))

    assert reports_of(database) == [1, None, 2, 2]
    assert about(database) == [None, None]


@pytest.mark.parametrize(("later", "answered"), [(1, False), (25, False), (1, True)])
def test_who_was_asked_whether_it_is_solved_speaks_of_it(
    database: Database, profile: Profile, later: int, *, answered: bool
) -> None:
    hear(database, profile, heard(1))
    question = Reply(
        kind=Kind.SOLVED_QUESTION, to="telegram:42", language="ru", record_id="FR-2026-0000001", received_at=AT
    )
    asks = Delivery(id=0, report=1, verb=Verb.REPLY, backend="telegram", key="status/1", reply=question)
    database.write(partial(add_delivery, delivery=asks, at=micros(AT)))
    database.write(partial(statuses.change, report=1, to=Status.CLOSED, at=AT, actor="desk"))
    if answered:
        database.write(partial(verdicts.give, report=1, solved=True, way="telegram", at=AT))
    after = AT + timedelta(hours=later)
    hear(database, profile, heard(2, opens=False), heard(3, "нет", received_at=after), heard(4, received_at=after))

    assert reports_of(database) == [1, None, 2, 2]
    assert about(database)[1:] == ["FR-2026-0000001" if later == 1 and not answered else None]


def test_a_resolved_report_goes_on(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1))
    database.write(partial(statuses.change, report=1, to=Status.RESOLVED, at=AT, actor="desk"))
    hear(database, profile, heard(2))

    assert reports_of(database) == [1, 1]


def test_what_was_ended_by_hand_goes_on_no_more(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1))
    database.write(lambda tx: conversations.end(tx, 1))
    hear(database, profile, heard(2))

    assert reports_of(database) == [1, 2]


def test_silence_ends_what_is_settled(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1))
    settle(database, profile)
    hear(database, profile, heard(2, received_at=AT + timedelta(hours=24)))  # settled some minutes after it came
    hear(database, profile, heard(3, received_at=AT + timedelta(hours=49)))

    assert reports_of(database) == [1, 1, 2]


def test_silence_does_not_end_what_is_not_settled(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1), heard(2, received_at=AT + timedelta(days=9)))

    assert reports_of(database) == [1, 1]


def test_what_a_person_has_in_hand_gets_a_follow_up(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1))
    report = settle(database, profile)
    save(database, report)
    hear(database, profile, heard(2), heard(3))

    assert reports_of(database) == [1, 2, 2]
    assert about(database) == [None, "FR-2026-0000001"]
    save(database, 2)
    hear(database, profile, heard(4))
    assert about(database) == [None, "FR-2026-0000001", "FR-2026-0000001"]
    database.write(partial(statuses.change, report=1, to=Status.CLOSED, at=AT, actor="desk"))
    hear(database, profile, heard(5))
    assert reports_of(database) == [1, 2, 2, 3, 4]
    assert about(database)[-1] is None


@pytest.mark.parametrize("more", [False, True], ids=["nothing since", "another since"])
def test_what_a_person_saved_meanwhile_is_not_overwritten(database: Database, profile: Profile, *, more: bool) -> None:
    hear(database, profile, heard(1))
    report = settle(database, profile)
    hear(database, profile, heard(2))
    task = begun(database)
    save(database, report)
    if more:
        hear(database, profile, heard(3))

    assert read(database, profile, task) == []
    assert reports_of(database) == ([1, 2, 2] if more else [1, 2])
    assert waiting(database) == [("normalize", 2)]
    assert about(database) == [None, "FR-2026-0000001"]
    assert rows(database, "SELECT author FROM records WHERE report = 1 ORDER BY version DESC")[0]["author"] == "vera"


def test_a_flood_is_many_reports_of_a_length_that_can_be_read(database: Database, profile: Profile) -> None:
    house = reception(database, profile)

    async def flood() -> None:
        await asyncio.gather(*(house.hear(heard(number)) for number in range(FULL + 5)))

    asyncio.run(flood())

    assert reports_of(database).count(1) == FULL
    assert about(database) == [None, "FR-2026-0000001"]
    assert len(waiting(database)) == 2


def test_a_file_comes_after_the_words(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1, files=(PHOTO,)))
    read(database, profile, begun(database))
    [waits] = said(database, profile, 1).files
    assert (waits.reference, waits.size, waits.sha256, waits.problem) == ("AgAC-1", 9, None, None)

    task = begun(database, Lane.DELIVER)
    with database.read() as tx:
        wanted = chat_files.wanted(tx, task.subject)
    assert wanted is not None
    assert (wanted.channel, wanted.report, wanted.file) == ("telegram", 1, PHOTO)
    database.write(partial(chat_files.fetched, task=task, file=wanted, sha256="5" * 64, size=4, body=b"JPEG"))

    assert said(database, profile, 1).files[0].sha256 == "5" * 64
    assert read(database, profile, begun(database))
    assert versions_of(database, 1) == 2


def test_a_file_that_does_not_come_is_told(database: Database, profile: Profile) -> None:
    hear(database, profile, heard(1, files=(PHOTO,)))
    read(database, profile, begun(database))
    task = begun(database, Lane.DELIVER)
    with database.read() as tx:
        wanted = chat_files.wanted(tx, task.subject)
    assert wanted is not None
    database.write(partial(chat_files.missed, task=task, file=wanted, reason="too large"))

    assert said(database, profile, 1).files[0].problem == "too large"
    assert waiting(database) == [("normalize", 1)]


def about(database: Database) -> list[str | None]:
    """The earlier report that each report's door has proven."""
    with database.read() as tx:
        kept = [archive.kept(tx, row["id"]) for row in tx.all("SELECT id FROM reports ORDER BY id")]
    return [one.envelope.about for one in kept if one]
