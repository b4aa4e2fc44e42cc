"""T1: kept before it is promised; the same report twice is one."""

import asyncio
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from config.settings import Gateway, Settings, Storage
from records.arrival import Envelope, TryAgain
from records.standing import State
from storage.content import original
from storage.database import Database
from storage.opening import open_database, open_originals, prepare
from storage.records import kept
from storage.standings import standing
from storage.sweep import sweep
from tests.storage.arrivals import AT, arrival, intake

Profile = tuple[Gateway, Storage]


def test_kept_with_envelope_and_first_task(database: Database, profile: Profile) -> None:
    rings: list[int] = []
    receipt = asyncio.run(intake(database, profile, rings).accept(arrival(b"one\0two\xff")))

    assert receipt.id == "FR-2026-0000001"
    assert receipt.due_at == AT + timedelta(hours=2)
    assert rings == [1]
    other = open_database(*profile)  # another process sees it: it is committed
    with other.read() as tx:
        report = kept(tx, receipt.report)
        assert report is not None
        assert report.envelope.sender == "a@example.org"
        assert original(tx, open_originals(*profile), report.sha256) == b"one\0two\xff"
        [task] = tx.all("SELECT * FROM tasks")
        assert (task["step"], task["subject"], task["attempts"]) == ("normalize", receipt.report, 0)
    other.close()


def test_rule_of_the_channel_sets_the_due_time(database: Database, profile: Profile) -> None:
    receipt = asyncio.run(intake(database, profile).accept(arrival(channel="urgent")))

    assert receipt.due_at == AT + timedelta(minutes=30)


def test_resend_is_one_report(database: Database, profile: Profile) -> None:
    reception = intake(database, profile)

    first = asyncio.run(reception.accept(arrival()))
    again = asyncio.run(reception.accept(arrival(at=AT + timedelta(days=6), sender="A@Example.org")))

    assert (again.id, again.due_at, again.duplicate) == (first.id, first.due_at, True)
    with database.read() as tx:
        assert [row["n"] for row in tx.all("SELECT COUNT(*) AS n FROM reports")] == [1]
        assert [row["n"] for row in tx.all("SELECT COUNT(*) AS n FROM tasks")] == [1]
        assert [row["what"] for row in tx.all("SELECT what FROM events")] == ["arrived again"]


@pytest.mark.parametrize(
    "other",
    [
        arrival(sender="b@example.org"),
        arrival(b"Subject: x\r\n\r\nhello!"),
        arrival(at=AT + timedelta(days=8)),
        arrival(sender=None),
    ],
    ids=["other sender", "other bytes", "after the window", "a door without sender"],
)
def test_other_reports_are_not_merged(database: Database, profile: Profile, other: object) -> None:
    reception = intake(database, profile)

    first = asyncio.run(reception.accept(arrival()))
    second = asyncio.run(reception.accept(other))  # type: ignore[arg-type]

    assert first.id != second.id
    assert not second.duplicate


def test_a_mailbox_read_again_after_months_gives_no_second_report(database: Database, profile: Profile) -> None:
    """A folder made anew (another UIDVALIDITY) shows the same mail under another UID."""
    reception = intake(database, profile)
    there = msgspec.structs.replace(arrival(sender=None), envelope=Envelope(source={"folder": "INBOX", "uid": 1}))
    moved = Envelope(source={"folder": "INBOX", "uid": 7})

    first = asyncio.run(reception.accept(there))
    database.write(lambda tx: sweep(tx, AT + timedelta(days=90), timedelta(days=7), Settings().promises()))
    again = asyncio.run(reception.accept(msgspec.structs.replace(there, envelope=moved, received_at=AT)))

    assert (again.id, again.duplicate) == (first.id, True)


def test_concurrent_resends_are_one_report(database: Database, profile: Profile) -> None:
    """Two doors at once: one of them may have to say "try again", none makes a second report."""
    other = open_database(*profile)

    async def both() -> list[object]:
        mine, theirs = intake(database, profile), intake(other, profile)
        calls = [reception.accept(arrival()) for _ in range(20) for reception in (mine, theirs)]
        return await asyncio.gather(*calls, return_exceptions=True)

    answers = asyncio.run(both())
    other.close()

    assert {getattr(answer, "id", None) for answer in answers if not isinstance(answer, TryAgain)} == {
        "FR-2026-0000001"
    }
    with database.read() as tx:
        assert [row["n"] for row in tx.all("SELECT COUNT(*) AS n FROM reports")] == [1]


def test_large_original_comes_from_the_spool(database: Database, profile: Profile, tmp_path: Path) -> None:
    reception = intake(database, profile)
    content = b"x" * 300_000
    spooled = (reception.spool() if profile[1].url is None else tmp_path) / "1.part"

    receipt = asyncio.run(reception.accept(arrival(content, file=spooled)))

    assert not spooled.exists()
    with database.read() as tx:
        report = kept(tx, receipt.report)
        assert report is not None
        assert original(tx, open_originals(*profile), report.sha256) == content


def test_memory_of_a_channel(database: Database, profile: Profile) -> None:
    reception = intake(database, profile)

    async def twice() -> tuple[str | None, str | None, str | None]:
        nothing = await reception.recall("mail", "cursor")
        await reception.remember("mail", "cursor", "1")
        await reception.remember("mail", "cursor", "2")
        return nothing, await reception.recall("mail", "cursor"), await reception.recall("other", "cursor")

    assert asyncio.run(twice()) == (None, "2", None)


def test_too_little_space_is_try_again(database: Database, profile: Profile) -> None:
    gateway, storage = profile
    if storage.url is not None:
        return  # PostgreSQL's disk is its own
    greedy = gateway, Storage(min_free=2**60)

    with pytest.raises(TryAgain) as trouble:
        asyncio.run(intake(database, greedy).accept(arrival()))

    assert trouble.value.full


def test_lost_original_is_told(database: Database, profile: Profile) -> None:
    with database.read() as tx, pytest.raises(LookupError, match="not in the archive"):
        original(tx, open_originals(*profile), "0" * 64)


def test_an_arrival_that_cannot_be_kept_takes_no_other_with_it(database: Database, profile: Profile) -> None:
    """Arrivals of one turn of the loop share a unit of work; one of them meets a fault of ours."""
    reception = intake(database, profile)
    broken = msgspec.structs.replace(arrival(b"broken"), media_type="\ud800")

    async def together() -> list[object]:
        calls = [reception.accept(one) for one in (arrival(b"a"), broken, arrival(b"b"))]
        return await asyncio.gather(*calls, return_exceptions=True)

    first, second, third = asyncio.run(together())

    assert isinstance(second, UnicodeError)
    assert {getattr(first, "id", None), getattr(third, "id", None)} <= {f"FR-2026-{n:07d}" for n in range(1, 5)}


def test_a_caller_that_leaves_changes_nothing(database: Database, profile: Profile) -> None:
    reception = intake(database, profile)

    async def leave() -> str:
        gone = asyncio.ensure_future(reception.accept(arrival(b"gone")))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        gone.cancel()
        return (await reception.accept(arrival(b"stays"))).id

    assert asyncio.run(leave())
    with database.read() as tx:
        assert [row["n"] for row in tx.all("SELECT COUNT(*) AS n FROM reports")] == [2]


def test_a_disk_that_cannot_be_asked_is_try_again(database: Database, profile: Profile) -> None:
    """`accept` raises nothing else: a door must know that the trouble is ours, and passes."""
    gateway, storage = profile
    if storage.url is not None:
        return
    reception = intake(database, profile)
    (Path(gateway.data) / "originals").rename(Path(gateway.data) / "unmounted")

    with pytest.raises(TryAgain):
        asyncio.run(reception.accept(arrival()))


def test_a_spooled_original_that_cannot_be_read_is_try_again(
    database: Database, profile: Profile, tmp_path: Path
) -> None:
    spooled = tmp_path / "1.part"
    large = arrival(b"x" * 300_000, file=spooled)
    spooled.unlink()

    with pytest.raises(TryAgain):
        asyncio.run(intake(database, profile).accept(large))


def test_the_spool_of_open_doors_is_left_alone(profile: Profile) -> None:
    """`faultgate check` prepares the archive, too, while mail is on its way in."""
    originals = open_originals(*profile)
    if originals is None:
        return  # PostgreSQL has no spool of ours
    half = originals.spool / "smtp-half"
    with originals.hold_spool():
        half.write_bytes(b"half a mail")
        prepare(*profile)
        assert half.exists()

    prepare(*profile)

    assert not half.exists()


def test_a_fax_is_told_by_the_number_that_called(database: Database, profile: Profile) -> None:
    reception = intake(database, profile)
    calls = [
        msgspec.structs.replace(arrival(), envelope=Envelope(calling_number=number, clerk=clerk))
        for number, clerk in (("+7 347 222-33-44", None), ("+7 347 222-33-44", "vera"), ("+7 347 555-66-77", None))
    ]
    first, again, other = (asyncio.run(reception.accept(one)) for one in calls)

    assert (again.id, again.duplicate) == (first.id, True)  # whoever brought it in
    assert not other.duplicate
    with database.read() as tx:
        assert [row["sender"] for row in tx.all("SELECT sender FROM tasks ORDER BY id")] == [
            "+7 347 222-33-44", "+7 347 555-66-77"
        ]  # fmt: skip


def test_a_report_stands_on_the_desk_at_once(database: Database, profile: Profile) -> None:
    receipt = asyncio.run(intake(database, profile).accept(arrival()))
    with database.read() as tx:
        stands = standing(tx, receipt.report)

    assert stands is not None
    assert (stands.id, stands.state, stands.due_at, stands.version) == (receipt.id, State.UNREAD, receipt.due_at, 0)
