"""One original, several reports: divided by the machine in one commit, split by a person."""

from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from records.reading import Page, Reading
from records.standing import State
from records.tasks import Lane, Step, Task
from storage import corrections, division, tasks
from storage import records as archive
from storage.database import Database
from storage.extents import Extent, extent
from tests.storage.reports import CLERK, SOON, Profile, begun, card, events, kept, newest, read, record, waiting

LETTERS = ((1, 2), (4,), (6, 7, 8))
READING = Reading(media_type="image/tiff", pages=tuple(Page(number=number) for number in range(1, 9)))


def stack(database: Database, profile: Profile) -> int:
    return kept(database, profile, b"II*\0 eight pages", media_type="image/tiff")


def divide(database: Database, task: Task) -> list[Task]:
    with database.read() as tx:
        row = archive.kept(tx, task.subject)
    assert row is not None
    made = partial(
        division.divided, task=task, letters=LETTERS, record=record(id=row.id), reading=READING, made_at=SOON
    )
    return database.write(made)


def reports(database: Database) -> list[Any]:
    with database.read() as tx:
        return list(tx.all("SELECT * FROM reports ORDER BY id"))


def shares(database: Database) -> list[tuple[int, int | None, tuple[int, ...]]]:
    with database.read() as tx:
        found = [(row["id"], extent(tx, row["id"])) for row in tx.all("SELECT id FROM reports ORDER BY id")]
    return [(report, share.parent, share.pages) for report, share in found if share]


def test_paper_is_recognised_first(database: Database, profile: Profile) -> None:
    report = stack(database, profile)

    assert waiting(database) == [(Step.RECOGNIZE, report)]
    assert card(database, report).state is State.UNREAD


def test_a_stack_becomes_a_report_for_each_letter(database: Database, profile: Profile) -> None:
    first = stack(database, profile)
    following = divide(database, begun(database, Lane.PAPER))

    assert [(task.step, task.subject) for task in following] == [(Step.CLASSIFY, first)]
    assert shares(database) == [(first, None, (1, 2)), (first + 1, first, (4,)), (first + 2, first, (6, 7, 8))]
    assert waiting(database) == [(Step.RECOGNIZE, first + 1), (Step.RECOGNIZE, first + 2)]
    rows = reports(database)
    for name in ("sha256", "media_type", "received_at", "due_at", "channel", "envelope"):
        assert len({row[name] for row in rows}) == 1, name
    assert [card(database, row["id"]).state for row in rows] == [State.UNREAD] * 3
    assert len({card(database, row["id"]).id for row in rows}) == 3
    assert newest(database, first).version == 1


def test_a_stack_is_divided_once_however_often_it_is_read(database: Database, profile: Profile) -> None:
    """A worker that was stopped for longer than its lease comes back with the same stack in its hands."""
    stack(database, profile)
    late = begun(database, Lane.PAPER)
    database.write(lambda tx: tx.run("UPDATE tasks SET lease_until = 0"))
    divide(database, begun(database, Lane.PAPER))

    with pytest.raises(tasks.Late):
        divide(database, late)
    assert len(reports(database)) == len(LETTERS)


def test_a_worker_that_dies_in_it_leaves_a_stack_that_is_not_divided(
    database: Database, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack(database, profile)
    opened: list[int] = []

    def die(_: object, report: int) -> None:
        opened.append(report)
        if len(opened) == 2:
            raise RuntimeError

    monkeypatch.setattr("storage.cards.open_card", die)
    with pytest.raises(RuntimeError):
        divide(database, begun(database, Lane.PAPER))
    assert len(reports(database)) == 1
    assert shares(database) == []

    monkeypatch.undo()
    database.write(lambda tx: tx.run("UPDATE tasks SET lease_until = 0"))
    divide(database, begun(database, Lane.PAPER))
    assert len(shares(database)) == len(LETTERS)


def test_a_person_splits_a_letter_and_both_are_read_again(database: Database, profile: Profile) -> None:
    report = stack(database, profile)
    read(database, report, record(), READING, Lane.PAPER)
    new = database.write(partial(corrections.split, report=report, base=1, pages=(3, 2), by=CLERK, at=SOON))

    assert shares(database) == [(report, None, (1, 4, 5, 6, 7, 8)), (new, report, (2, 3))]
    assert [one for one in waiting(database) if one[0] == Step.RECOGNIZE] == [
        (Step.RECOGNIZE, report), (Step.RECOGNIZE, new)
    ]  # fmt: skip
    assert card(database, report).state is card(database, new).state is State.UNREAD
    assert events(database, new)[-1][:2] == ("vera", "split")
    assert events(database, report)[-1][2] == f"the other part is {card(database, new).id}"

    read(database, report, record(), READING, Lane.PAPER)
    again = database.write(partial(corrections.split, report=report, base=2, pages=(8,), by=CLERK, at=SOON))
    with database.read() as tx:
        assert extent(tx, report) == Extent(pages=(1, 4, 5, 6, 7))
        assert extent(tx, again) == Extent(parent=report, pages=(8,))


@pytest.mark.parametrize("pages", [tuple(range(1, 9)), (9,), (1, 9), (0,)])
def test_pages_that_are_not_some_of_it_split_nothing(
    database: Database, profile: Profile, pages: tuple[int, ...]
) -> None:
    report = stack(database, profile)
    read(database, report, record(), READING, Lane.PAPER)

    with pytest.raises(ValueError, match="pages"):
        database.write(partial(corrections.split, report=report, base=1, pages=pages, by=CLERK, at=SOON))
    assert len(reports(database)) == 1


def test_of_a_mail_a_copy_is_made_to_be_edited(database: Database, profile: Profile) -> None:
    report = kept(database, profile)
    read(database, report, record())
    new = database.write(partial(corrections.split, report=report, base=1, pages=(), by=CLERK, at=SOON))

    copy = newest(database, new)
    assert copy.record == replace(newest(database, report).record, id=card(database, new).id)
    assert (copy.author, card(database, new).state, card(database, report).state) == (
        "vera", State.REVIEW, State.UNREAD
    )  # fmt: skip
    assert [task for task in waiting(database) if task[1] == new] == []
