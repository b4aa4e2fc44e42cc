"""Leases, fences, attempts and fairness."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from records.tasks import Lane, Step, Task
from storage import tasks
from storage.database import Database, Transaction
from storage.story import story

HOUR = 3_600_000_000


def _add(database: Database, sender: str = "a", due_at: int = HOUR) -> int:
    return database.write(lambda tx: tasks.add(tx, Step.NORMALIZE, 1, sender, due_at))


def _begin(database: Database, task: int) -> Task:
    [begun] = database.write(partial(tasks.begin, numbers=[task]))
    return begun


def _expire(database: Database) -> None:
    database.write(lambda tx: tx.run("UPDATE tasks SET lease_until = 1"))


def _due(database: Database, limit: int = 100, **how: Any) -> list[int]:
    with database.read() as tx:
        return list(tasks.due(tx, limit, **how))


def test_attempt_is_counted_before_the_work(database: Database) -> None:
    task = _add(database)

    first = _begin(database, task)
    _expire(database)
    second = _begin(database, task)

    assert (first.attempts, second.attempts) == (1, 2)


def test_leased_task_is_nobody_elses(database: Database) -> None:
    task = _add(database)
    _begin(database, task)

    assert database.write(partial(tasks.begin, numbers=[task])) == []
    assert _due(database) == []


def test_pages_are_leased_for_as_long_as_their_reader_is_given(database: Database) -> None:
    mail, page = _add(database), database.write(lambda tx: tasks.add(tx, Step.RECOGNIZE, 2, "a", HOUR))
    database.write(partial(tasks.begin, numbers=[mail, page], paper=timedelta(hours=1)))

    with database.read() as tx:
        now = tx.now()
        left = {row["id"]: row["lease_until"] - now for row in tx.all("SELECT id, lease_until FROM tasks")}
    assert left[mail] <= tasks.LEASE // timedelta(microseconds=1) < 0.9 * HOUR < left[page]


def test_late_worker_changes_nothing(database: Database) -> None:
    task = _add(database)
    late = _begin(database, task)
    _expire(database)
    current = _begin(database, task)

    with pytest.raises(tasks.Late):
        database.write(partial(tasks.finish, task=late))
    database.write(partial(tasks.put_off, task=late, not_before=0, error="late", counted=True))
    assert database.write(partial(tasks.finish, task=current)) == "a"
    with pytest.raises(tasks.Late):
        database.write(partial(tasks.finish, task=current))


def test_a_worker_that_starts_alone_frees_what_a_dead_one_had(database: Database) -> None:
    task = _add(database)
    dead = _begin(database, task)

    database.write(tasks.release_all)

    assert _due(database) == [task]
    with pytest.raises(tasks.Late):
        database.write(partial(tasks.finish, task=dead))


def test_put_off_task_waits(database: Database) -> None:
    task = _begin(database, _add(database))

    database.write(partial(tasks.put_off, task=task, not_before=2**53, error="why", counted=True))
    assert _due(database) == []
    database.write(partial(_wake, task=task.id))
    assert _due(database) == [task.id]


def test_trouble_of_the_house_does_not_count_against_the_original(database: Database) -> None:
    row = _add(database)
    for counted in (False, True):
        put_off = partial(tasks.put_off, task=_begin(database, row), not_before=0, error="why", counted=counted)
        database.write(put_off)

    assert _begin(database, row).attempts == 2


def _wake(tx: Transaction, task: int) -> None:
    tx.run("UPDATE tasks SET not_before = 0 WHERE id = :task", task=task)


def test_earliest_due_first(database: Database) -> None:
    late, soon, sooner = (_add(database, f"s{due}", due * HOUR) for due in (3, 2, 1))

    assert _due(database) == [sooner, soon, late]


def test_one_senders_flood_delays_others_by_one_share_only(database: Database) -> None:
    flood = [_add(database, "noisy", HOUR) for _ in range(30)]
    quiet = _add(database, "quiet", 2 * HOUR)

    listed = _due(database, limit=12, share=10)

    assert listed == [*flood[:10], quiet, flood[10]]


def test_asking_is_bounded(database: Database) -> None:
    for _ in range(5):
        _add(database)

    assert len(_due(database, reach=3)) == 3


def test_what_waits_is_listed_for_one_destination_or_for_all_others(database: Database) -> None:
    def given(tx: Transaction) -> list[int]:
        return [
            tasks.add(tx, Step.DELIVER, subject, "a", 100 - subject, destination=destination)
            for subject, destination in enumerate(("", "tracker", "replies", "gone", "tracker", ""))
        ]

    warning, first, reply, gone, second, other = database.write(given)
    with database.read() as tx:
        assert list(tasks.due(tx, 10, Lane.DELIVER, only="tracker")) == [second, first]
        assert list(tasks.due(tx, 10, Lane.DELIVER, but=("tracker", "replies"))) == [other, gone, warning]
        assert list(tasks.due(tx, 10, Lane.DELIVER)) == [other, second, gone, reply, first, warning]
        assert list(tasks.due(tx, 10, Lane.ROAD)) == []


def test_a_story_tells_no_trouble_of_another_s_news(database: Database) -> None:
    """The subject of `tell` is a change of status, that of `fetch` a file: their rows have numbers of their own."""
    for step in (Step.TELL, Step.FETCH, Step.CLASSIFY):
        task = database.write(partial(tasks.add, step=step, subject=1, sender="a", due_at=HOUR))
        begun = _begin(database, task)
        database.write(partial(tasks.put_off, task=begun, not_before=0, error="trouble", counted=True))
    with database.read() as tx:
        assert [one.what for one in story(tx, 1)] == ["classify follows, attempt 2"]
