"""What was heard in chats: every update once, and the conversation that it belongs to, which is one report."""

from datetime import timedelta

import msgspec
from msgspec import Struct

from records.arrival import Envelope
from records.calendar import ALWAYS, Calendar
from records.chat import Heard, KeptFile, NamedFile
from records.clock import due_at
from records.numbers import number
from records.status import ENDED
from records.tasks import Step
from storage import cards, tasks
from storage.content import original
from storage.database import Row, Transaction
from storage.originals import Originals
from storage.rows import clean, micros, moment
from storage.statuses import status

#: A longer conversation goes on as a report of its own, so that reading it anew stays cheap, whoever floods us.
FULL = 200


class Pace(Struct, frozen=True, kw_only=True):
    """How long a channel waits."""

    rule: timedelta  # from a message to its record
    hours: Calendar = ALWAYS  # in which it counts
    quiet: timedelta = timedelta(0)  # before what was said is read, so that messages in a row are read together
    silence: timedelta = timedelta(hours=24)  # after which a conversation is over once its report is settled


class Seen(Struct, frozen=True):
    """How much of a conversation a reading has seen; both only grow."""

    upto: int  # the last message
    files: int  # that had come, or would not


class Said(Struct, frozen=True, kw_only=True):
    """A conversation as it is now, to be read."""

    content: bytes  # a JSON text sequence (RFC 7464) of all its updates
    files: tuple[KeptFile, ...]
    seen: Seen


class _First(Struct, frozen=True, kw_only=True):
    """The message that a conversation begins with; times in microseconds."""

    channel: str
    chat: str
    media_type: str
    sha256: str
    size: int
    at: int
    due: int


def hear(tx: Transaction, heard: Heard, sha256: str, pace: Pace) -> int | None:
    """Keep one update, and begin or go on with a conversation; gives its report, None where it belongs to none.

    An update that was heard before changes nothing. What goes on with a conversation that a person has in hand, or
    that is full, is a report of its own, about the first one.
    """
    row = _keep(tx, heard, sha256)
    if row is None:
        return None
    report = _report(tx, heard, sha256, pace)
    if report is None:
        return None
    tx.run("UPDATE messages SET report = :report WHERE id = :id", report=report, id=row)
    due = micros(due_at(heard.received_at, pace.rule, pace.hours))
    for file in heard.files:
        _fetch(tx, report, file, heard, due)
    read_soon(tx, report, heard.chat or "", due, pace.quiet)
    return report


def read_soon(tx: Transaction, report: int, sender: str, due: int, quiet: timedelta) -> None:
    """Have a conversation read, unless a task waits for that which nobody has begun; `due` in microseconds."""
    now = tx.now()
    waits = tx.run(  # locks the task's row: whoever begins it now begins it after us, and reads what we add
        "UPDATE tasks SET not_before = not_before WHERE step = 'normalize' AND subject = :report"
        " AND done_at IS NULL AND attempts = 0 AND lease_until <= :now",
        report=report, now=now,
    )  # fmt: skip
    if not waits:
        not_before = now + quiet // timedelta(microseconds=1)
        tasks.add(tx, Step.NORMALIZE, report, sender, due, not_before=not_before)


def said(tx: Transaction, originals: Originals | None, report: int) -> Said | None:
    """Give a conversation, to be read; None for a report that is none."""
    rows = tx.all("SELECT id, sha256 FROM messages WHERE report = :report ORDER BY id", report=report)
    if not rows:
        return None
    content = b"".join(b"\x1e" + original(tx, originals, row["sha256"]) + b"\n" for row in rows)
    files = files_of(tx, report)
    settled = sum(file.sha256 is not None or file.problem is not None for file in files)
    return Said(content=content, files=files, seen=Seen(rows[-1]["id"], settled))


def files_of(tx: Transaction, report: int) -> tuple[KeptFile, ...]:
    """List the files that a conversation names, in the order in which they were named."""
    rows = tx.all("SELECT * FROM chat_files WHERE report = :report ORDER BY id", report=report)
    return tuple(map(_kept_file, rows))


def takes(tx: Transaction, report: int, seen: Seen, sender: str, due: int) -> bool:
    """Tell whether a reading may become a version: a later one has not seen more, and no person has it in hand.

    What came while a person took it in hand was read for nothing, and goes to a report of its own.
    """
    if _has_author(tx, report):
        _hand_on(tx, report, sender, due)
        return False
    newest = tx.run(
        "UPDATE conversations SET read_upto = :upto, read_files = :files"
        " WHERE report = :report AND read_upto <= :upto AND read_files <= :files",
        report=report, upto=seen.upto, files=seen.files,
    )  # fmt: skip
    return newest > 0


def end(tx: Transaction, report: int) -> None:
    """End a conversation: what comes next from its chat is a new report."""
    sql = "UPDATE conversations SET ended_at = :now WHERE report = :report AND ended_at IS NULL"
    tx.run(sql, report=report, now=tx.now())


def _keep(tx: Transaction, heard: Heard, sha256: str) -> int | None:
    """Keep an update; gives its row, None where it is there already."""
    tx.run(
        "INSERT INTO originals (sha256, size, body) VALUES (:sha256, :size, :body) ON CONFLICT (sha256) DO NOTHING",
        sha256=sha256, size=len(heard.content), body=heard.content,
    )  # fmt: skip
    row = tx.one(
        "INSERT INTO messages (channel, update_id, chat, sha256, at) VALUES (:channel, :update_id, :chat, :sha256, :at)"
        " ON CONFLICT (channel, update_id) DO NOTHING RETURNING id",
        channel=heard.channel, update_id=clean(heard.update), chat=heard.chat, sha256=sha256,
        at=micros(heard.received_at),
    )  # fmt: skip
    return row["id"] if row else None


def _report(tx: Transaction, heard: Heard, sha256: str, pace: Pace) -> int | None:
    """Find the conversation that an update goes on with, or begin one; gives its report."""
    if heard.chat is None or not heard.joins:
        return None
    first = _First(
        channel=heard.channel, chat=heard.chat, media_type=heard.media_type, sha256=sha256, size=len(heard.content),
        at=micros(heard.received_at), due=micros(due_at(heard.received_at, pace.rule, pace.hours)),
    )  # fmt: skip
    talk = tx.one(  # locks it: two doors that hear one chat at the same moment come one after the other
        "UPDATE conversations SET last_at = CASE WHEN last_at < :at THEN :at ELSE last_at END"
        " WHERE channel = :channel AND chat = :chat AND ended_at IS NULL RETURNING report, about, opened_at",
        channel=first.channel, chat=first.chat, at=first.at,
    )  # fmt: skip
    about = None
    if talk is not None and _is_over(tx, talk, first.at, pace):
        if not heard.opens:
            return None
        end(tx, talk["report"])
        about, talk = _unanswered(tx, talk, first.at, pace), None
    if talk is None:
        return _begin(tx, first, about) if heard.opens else None
    if not _is_in_hand(tx, talk["report"]):
        return int(talk["report"])
    end(tx, talk["report"])
    return _begin(tx, first, talk["about"] or talk["report"])


def _is_over(tx: Transaction, talk: Row, at: int, pace: Pace) -> bool:
    """Tell whether a conversation has come to its end: by its report's status, or silent after that was settled."""
    if status(tx, talk["report"]) in ENDED or (talk["about"] and _ended_since(tx, talk["about"], talk["opened_at"])):
        return True
    row = tx.one(
        "SELECT settled_at, (SELECT MAX(at) FROM messages WHERE messages.report = standings.report) AS last_at"
        " FROM standings WHERE report = :report AND state = 'settled'",
        report=talk["report"],
    )
    since = max(row["settled_at"] or 0, row["last_at"] or 0) if row else at
    return at - since > pace.silence // timedelta(microseconds=1)


def _ended_since(tx: Transaction, report: int, since: int) -> bool:
    """Tell whether a report has ended, and not before a conversation about it began."""
    if status(tx, report) not in ENDED:
        return False
    last = tx.one("SELECT MAX(at) AS at FROM status_changes WHERE report = :report", report=report)
    return last is not None and last["at"] >= since


def _unanswered(tx: Transaction, talk: Row, at: int, pace: Pace) -> int | None:
    """Give the report of which the chat was asked not long ago whether it is solved: the next words are about it."""
    asked = (
        "SELECT 1 FROM deliveries WHERE about = :report AND kind IN ('solved_question', 'outage_over')"
        " AND made_at > :since"
        " AND NOT EXISTS (SELECT 1 FROM verdicts WHERE verdicts.report = deliveries.about"
        " AND verdicts.subject = 'work')"
    )
    since = at - pace.silence // timedelta(microseconds=1)
    ended = (report for report in (talk["about"], talk["report"]) if report)
    return next((report for report in ended if tx.one(asked, report=report, since=since)), None)


def _is_in_hand(tx: Transaction, report: int) -> bool:
    """Tell whether the machine must not read a conversation any further: a person did, or it is full."""
    many = tx.one("SELECT COUNT(*) AS n FROM messages WHERE report = :report", report=report)
    return _has_author(tx, report) or (many is not None and many["n"] >= FULL)


def _has_author(tx: Transaction, report: int) -> bool:
    row = tx.one("SELECT author FROM records WHERE report = :report ORDER BY version DESC LIMIT 1", report=report)
    return row is not None and row["author"] is not None


def _hand_on(tx: Transaction, report: int, sender: str, due: int) -> None:
    """Move what was not read of a conversation to the one that its chat has open, or to one of its own."""
    rows = tx.all(
        "SELECT messages.*, reports.media_type, originals.size, conversations.about FROM messages"
        " JOIN conversations ON conversations.report = messages.report JOIN reports ON reports.id = messages.report"
        " JOIN originals ON originals.sha256 = messages.sha256"
        " WHERE messages.report = :report AND messages.id > conversations.read_upto ORDER BY messages.id",
        report=report,
    )
    if not rows:
        return
    end(tx, report)
    one = rows[0]
    open_ = tx.one(
        "SELECT report FROM conversations WHERE channel = :channel AND chat = :chat AND ended_at IS NULL",
        channel=one["channel"], chat=one["chat"],
    )  # fmt: skip
    first = _First(
        channel=one["channel"], chat=one["chat"], media_type=one["media_type"], sha256=one["sha256"],
        size=one["size"], at=one["at"], due=due,
    )  # fmt: skip
    to = int(open_["report"]) if open_ else _begin(tx, first, one["about"] or report)
    for row in rows:
        tx.run("UPDATE messages SET report = :to WHERE id = :id", to=to, id=row["id"])
    read_soon(tx, to, sender, due, timedelta(0))


def _begin(tx: Transaction, first: _First, about: int | None) -> int:
    """Begin a conversation with a report of its own, whose original is its first update."""
    envelope = Envelope(sender=first.chat, chat=first.chat, about=_number(tx, about) if about else None)
    row = tx.one(
        "INSERT INTO reports (channel, media_type, sha256, size, received_at, due_at, kept_at, envelope)"
        " VALUES (:channel, :media_type, :sha256, :size, :received, :due, :kept, :envelope) RETURNING id",
        channel=first.channel, media_type=first.media_type, sha256=first.sha256, size=first.size, received=first.at,
        due=first.due, kept=tx.now(), envelope=msgspec.json.encode(envelope).decode(),
    )  # fmt: skip
    report = int(row["id"]) if row else 0
    tx.run(
        "INSERT INTO conversations (report, channel, chat, about, opened_at, last_at)"
        " VALUES (:report, :channel, :chat, CAST(:about AS BIGINT), :at, :at)",
        report=report, channel=first.channel, chat=first.chat, about=about, at=first.at,
    )  # fmt: skip
    cards.open_card(tx, report)
    return report


def _number(tx: Transaction, report: int) -> str:
    row = tx.one("SELECT received_at FROM reports WHERE id = :report", report=report)
    return number(report, moment(row["received_at"])) if row else ""


def _fetch(tx: Transaction, report: int, file: NamedFile, heard: Heard, due: int) -> None:
    """Have a file fetched that an update names; an edited message names it again."""
    row = tx.one(
        "INSERT INTO chat_files (report, reference, name, media_type, size)"
        " VALUES (:report, :reference, :name, :media_type, :size)"
        " ON CONFLICT (report, reference) DO NOTHING RETURNING id",
        report=report, reference=clean(file.reference), name=clean(file.name) if file.name else None,
        media_type=clean(file.media_type), size=file.size or 0,
    )  # fmt: skip
    if row is not None:
        tasks.add(tx, Step.FETCH, row["id"], heard.chat or "", due, destination=heard.channel)


def _kept_file(row: Row) -> KeptFile:
    return KeptFile(
        reference=row["reference"], name=row["name"], media_type=row["media_type"], size=row["size"],
        sha256=row["sha256"], problem=row["problem"],
    )  # fmt: skip
