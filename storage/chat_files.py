"""Files that a messenger only names: fetched after the words, kept like any original, and then read about."""

from datetime import timedelta

from msgspec import Struct

from records.chat import NamedFile
from records.tasks import Task
from storage import tasks
from storage.conversations import read_soon
from storage.database import Transaction
from storage.rows import clean, micros


class Wanted(Struct, frozen=True, kw_only=True):
    """A file that is to be fetched."""

    id: int
    report: int
    channel: str
    file: NamedFile


def wanted(tx: Transaction, row_id: int) -> Wanted | None:
    """Give one file that is to be fetched."""
    row = tx.one(
        "SELECT chat_files.*, reports.channel FROM chat_files JOIN reports ON reports.id = chat_files.report"
        " WHERE chat_files.id = :id",
        id=row_id,
    )
    if row is None:
        return None
    file = NamedFile(
        reference=row["reference"], name=row["name"], media_type=row["media_type"], size=row["size"] or None
    )
    return Wanted(id=row["id"], report=row["report"], channel=row["channel"], file=file)


def fetched(tx: Transaction, task: Task, file: Wanted, sha256: str, size: int, body: bytes | None) -> list[Task]:
    """Keep a file that came; `body`: None where it lies beside the database. Its conversation is read again."""
    sender = tasks.finish(tx, task)
    tx.run(
        "INSERT INTO originals (sha256, size, body) VALUES (:sha256, :size, :body) ON CONFLICT (sha256) DO NOTHING",
        sha256=sha256, size=size, body=body,
    )  # fmt: skip
    sql = "UPDATE chat_files SET sha256 = :sha256, size = :size WHERE id = :id"
    tx.run(sql, sha256=sha256, size=size, id=file.id)
    read_soon(tx, file.report, sender, micros(task.due_at), timedelta(0))
    return []


def missed(tx: Transaction, task: Task, file: Wanted, reason: str) -> list[Task]:
    """Tell why a file will not come: its conversation is read again, so that a person sees it."""
    sender = tasks.finish(tx, task)
    tx.run("UPDATE chat_files SET problem = :problem WHERE id = :id", problem=clean(reason), id=file.id)
    read_soon(tx, file.report, sender, micros(task.due_at), timedelta(0))
    return []
