"""Work to be done: added with what it works on, leased to one worker at a time, fenced when it is finished.

`attempts` is committed before the work begins, so that work that kills its worker is counted too.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

from records.tasks import LANES, Lane, Step, Task
from storage.database import Transaction
from storage.rows import moment

#: Longer than a batch may take and the slowest step after it; the tasks of a worker that died wait this long.
LEASE = timedelta(minutes=6)
_MICROSECOND = timedelta(microseconds=1)


class Due(Struct, frozen=True):
    """What the dispatcher sees of a task."""

    step: Step
    tried: bool  # an attempt was begun before: it is to be walked alone, as it may kill its worker


class Late(Exception):
    """The lease ran out and another worker has the task: whatever was done changes nothing."""


def add(
    tx: Transaction, step: Step, subject: int, sender: str, due_at: int, *, not_before: int = 0, destination: str = ""
) -> int:
    """Add one task; gives its row. It is not begun before `not_before`, in microseconds.

    `destination`: where it leads out of the house, a backend's name.
    """
    row = tx.one(
        "INSERT INTO tasks (step, subject, sender, due_at, not_before, destination)"
        " VALUES (:step, :subject, :sender, :due_at, :not_before, :destination) RETURNING id",
        step=step.value, subject=subject, sender=sender, due_at=due_at, not_before=not_before,
        destination=destination,
    )  # fmt: skip
    return int(row["id"]) if row else 0


def add_begun(
    tx: Transaction, step: Step, subject: int, sender: str, due_at: int, *, destination: str = ""
) -> Task:  # fmt: skip
    """Add a task that this worker goes on with at once: its first attempt is begun."""
    token = secrets.token_hex(8)
    row = tx.one(
        "INSERT INTO tasks (step, subject, sender, due_at, not_before, attempts, lease_until, lease_token, destination)"
        " VALUES (:step, :subject, :sender, :due_at, 0, 1, :until, :token, :destination) RETURNING id",
        step=step.value, subject=subject, sender=sender, due_at=due_at, until=tx.now() + LEASE // _MICROSECOND,
        token=token, destination=destination,
    )  # fmt: skip
    return Task(
        id=int(row["id"]) if row else 0, step=step, subject=subject, due_at=moment(due_at), attempts=1,
        lease_token=token, destination=destination,
    )  # fmt: skip


def begin(tx: Transaction, numbers: list[int], paper: timedelta = LEASE) -> list[Task]:
    """Lease tasks and count the attempt; those that are done, leased, or not to be begun yet are left out.

    `paper`: the lease of what is recognised, which takes as long as its reader is given.
    """
    now, token = tx.now(), secrets.token_hex(8)
    begun = []
    for number in numbers:
        row = tx.one(
            "UPDATE tasks SET attempts = attempts + 1, lease_token = :token,"
            " lease_until = :now + CASE step WHEN 'recognize' THEN CAST(:long AS BIGINT)"
            " ELSE CAST(:short AS BIGINT) END"
            " WHERE id = :number AND done_at IS NULL AND lease_until <= :now AND not_before <= :now"
            " RETURNING id, step, subject, due_at, attempts, destination",
            number=number, now=now, long=paper // _MICROSECOND, short=LEASE // _MICROSECOND, token=token,
        )  # fmt: skip
        if row is not None:
            begun.append(
                Task(id=number, step=Step(row["step"]), subject=row["subject"], due_at=moment(row["due_at"]),
                     attempts=row["attempts"], lease_token=token, destination=row["destination"])
            )  # fmt: skip
    return begun


def release_all(tx: Transaction) -> None:
    """Void every lease: for a worker that starts and knows that it is the only one."""
    tx.run("UPDATE tasks SET lease_until = 0, lease_token = '' WHERE done_at IS NULL AND lease_until > 0")


def hold(tx: Transaction, task: Task) -> None:
    """See that the task is this worker's still, before what can't be undone; raises Late where it may be another's."""
    row = tx.one(
        "SELECT 1 FROM tasks WHERE id = :task AND lease_token = :token AND done_at IS NULL AND lease_until > :now",
        task=task.id, token=task.lease_token, now=tx.now(),
    )  # fmt: skip
    if row is None:
        raise Late(f"task {task.id}")


def finish(tx: Transaction, task: Task) -> str:
    """Mark the task done and give the sender it counts for; raises Late for a worker that woke up too late."""
    row = tx.one(
        "UPDATE tasks SET done_at = :now WHERE id = :task AND lease_token = :token AND done_at IS NULL"
        " RETURNING sender",
        task=task.id, token=task.lease_token, now=tx.now(),
    )  # fmt: skip
    if row is None:
        raise Late(f"task {task.id}")
    return str(row["sender"])


def put_off(tx: Transaction, task: Task, not_before: int, error: str, *, counted: bool) -> list[Task]:
    """Give the task back for a later attempt, so none follows it; a late worker changes nothing.

    Not `counted`: the trouble was the house's own, so the attempt proves nothing against the original.
    """
    tx.run(
        "UPDATE tasks SET lease_until = 0, lease_token = '', not_before = :not_before, last_error = :error,"
        " attempts = attempts - :uncounted WHERE id = :task AND lease_token = :token AND done_at IS NULL",
        task=task.id, token=task.lease_token, not_before=not_before, error=error, uncounted=int(not counted),
    )  # fmt: skip
    return []


def sender_of(tx: Transaction, task: Task) -> str:
    """Give the sender that a task counts for."""
    row = tx.one("SELECT sender FROM tasks WHERE id = :task", task=task.id)
    return str(row["sender"]) if row else ""


def drop_reading(tx: Transaction, report: int) -> None:
    """End what would still read a report's original: whoever is at it is late, and changes nothing."""
    tx.run(
        "UPDATE tasks SET done_at = :now WHERE done_at IS NULL AND subject = :report"
        " AND step IN ('normalize', 'recognize')",
        now=tx.now(), report=report,
    )  # fmt: skip


def due(
    tx: Transaction, limit: int, lane: Lane = Lane.ROAD, *,
    only: str | None = None, but: Sequence[str] = (), share: int = 50, reach: int = 1000,
) -> dict[int, Due]:  # fmt: skip
    """List what a lane is to do now, earliest due time first, in rounds: `share` tasks of each sender a round.

    One sender's flood therefore delays the others by one share, not by the flood. Fairness looks at the `reach` most
    urgent tasks, which bounds the work of asking. Each lane is listed apart: deliveries that a dead backend holds up,
    or pages that take minutes, must not hide what is to be read; and so is each destination of deliveries, which is
    `only` one, or every one `but` some.
    """
    steps = ", ".join(f"'{step}'" for step, its in LANES.items() if its is lane)
    where, names = _leading(f"done_at IS NULL AND step IN ({steps})", only, but) if lane is Lane.DELIVER else ("", {})
    rows = tx.all(
        "SELECT id, step, attempts FROM (SELECT id, step, attempts, due_at,"  # noqa: S608 - words of ours
        " (ROW_NUMBER() OVER (PARTITION BY sender ORDER BY due_at, id) - 1) / :share AS round"
        " FROM (SELECT id, step, attempts, due_at, sender FROM tasks WHERE done_at IS NULL AND not_before <= :now"
        f" AND step IN ({steps}){where}"
        " AND lease_until <= :now ORDER BY due_at, id LIMIT :reach) AS urgent) AS fair"
        " ORDER BY round, due_at, id LIMIT :limit",
        now=tx.now(), share=share, reach=reach, limit=limit, **names,
    )  # fmt: skip
    return {row["id"]: Due(Step(row["step"]), tried=row["attempts"] > 0) for row in rows}


def _leading(waiting: str, only: str | None, but: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Give the condition on destinations and its values; `waiting` is that on the tasks of the lane.

    Every one but some is found by a step of the index from each name to the next, so that what waits for those that
    are left out is not read.
    """
    if only is not None:
        return " AND destination = :only", {"only": only}
    names = {f"but{place}": name for place, name in enumerate(but)}
    others = f" AND name NOT IN ({', '.join(f':{name}' for name in names)})" if names else ""
    first = f"SELECT MIN(destination) FROM tasks WHERE {waiting}"  # noqa: S608 - words of ours
    found = (
        f"WITH RECURSIVE names (name) AS ({first} UNION ALL SELECT ({first} AND destination > name) FROM names"  # noqa: S608 - the same
        f" WHERE name IS NOT NULL) SELECT name FROM names WHERE name IS NOT NULL{others}"
    )
    return f" AND destination IN ({found})", names
