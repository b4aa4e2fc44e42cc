"""The whole road in one process: an archive, real readers, the built-in ticket store, and a smarthost on loopback."""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import SMTP, default
from typing import Any

from classifier import Knowledge
from config.senders import Senders
from config.settings import Gateway, Replies, Scan, Settings, Smtp, Storage
from gateway.labour import backends
from normalizer.guard import Guard
from outbox.replies import Mailer
from records.arrival import Arrival, Envelope, Receipt
from records.record import FaultRecord
from records.tasks import Lane
from storage import tasks
from storage.database import Database
from storage.intake import Intake
from storage.opening import open_originals, reply_key
from storage.versions import latest
from tests.outbox.smarthost import Sink
from worker import Road


class Desk:
    """A desk that works only when told to."""

    def __init__(
        self, profile: tuple[Gateway, Storage], database: Database, guard: Guard, knowledge: Knowledge,
        sink: Sink, port: int, senders: Senders = Senders(),  # noqa: B008 - frozen
        answering: Mapping[str, Any] = {}, **wiring: Any,
    ) -> None:  # fmt: skip
        """`answering`: settings of `[replies]`; `wiring`: tables of the wiring file beside them."""
        gateway, storage = profile
        replies = Replies(host="127.0.0.1", port=port, allow_plaintext=True, starttls=False, **answering)
        stacks = Scan(path="/nowhere", separator="blank")
        self.settings = Settings(
            gateway=gateway, storage=storage, replies=replies, channels={"mail": Smtp(), "scans": stacks},
            senders=senders, **wiring,
        )  # fmt: skip
        self.database, self.sink, self.rings = database, sink, 0
        self.backends = backends(self.settings, database)
        originals, key = open_originals(gateway, storage), reply_key(gateway)
        self.road = Road(
            settings=self.settings, database=database, originals=originals, key=key, guard=guard,
            knowledge=knowledge, backends=self.backends, mailer=Mailer(replies, gateway, key),
        )  # fmt: skip
        rules = {name: timedelta(minutes=one.rule) for name, one in self.settings.doors.items()}
        self._intake = Intake(database, originals, rules, timedelta(days=7), self._ring)

    def _ring(self) -> None:
        self.rings += 1

    def accept(
        self, content: bytes, sender: str | None, channel: str = "mail", media_type: str = "message/rfc822",
        **envelope: Any,
    ) -> Receipt:  # fmt: skip
        """Take a report as a door does."""
        arrival = Arrival(
            channel=channel, media_type=media_type, content=content, size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), received_at=datetime.now(UTC),
            envelope=Envelope(sender=sender, recipients=("support@faultgate.localhost",), **envelope),
        )  # fmt: skip
        return asyncio.run(self._intake.accept(arrival))

    def work(self) -> None:
        """Walk until nothing is due."""
        while due := self.due():
            batch = self.road.begin(list(due))
            while batch:
                batch = self.road.walk(batch)

    def due(self) -> dict[int, Any]:
        with self.database.read() as tx:
            return {task: due for lane in Lane for task, due in tasks.due(tx, 100, lane).items()}

    def later(self) -> None:
        """Let the pauses between attempts be over."""
        self.database.write(lambda tx: tx.run("UPDATE tasks SET not_before = 0 WHERE done_at IS NULL"))

    def handle(self, content: bytes, sender: str | None) -> Receipt:
        """Take a mail and do all that follows from it."""
        receipt = self.accept(content, sender)
        self.work()
        return receipt

    def record(self, receipt: Receipt) -> FaultRecord:
        with self.database.read() as tx:
            version = latest(tx, receipt.report)
        assert version is not None
        return version.record

    def rows(self, sql: str, **values: object) -> list[Any]:
        with self.database.read() as tx:
            return [dict(row) for row in tx.all(sql, **values)]

    def tickets(self) -> list[Any]:
        """Tickets with their entries as "verb:number" in the order of their making."""
        tickets = self.rows("SELECT * FROM tickets ORDER BY id")
        entries = self.rows("SELECT * FROM ticket_entries ORDER BY external_id")
        noted = {
            one["id"]: [f"{e['verb']}:{e['external_id']}" for e in entries if e["ticket"] == one["id"]]
            for one in tickets
        }
        return [(one["external_id"], one["status"], noted[one["id"]]) for one in tickets]

    def outcomes(self, report: int) -> list[tuple[str, str]]:
        """What left for a report, or did not: (verb or kind, state)."""
        rows = self.rows(
            "SELECT deliveries.verb, deliveries.kind, outcomes.state FROM deliveries LEFT JOIN outcomes"
            " ON outcomes.delivery = deliveries.id WHERE deliveries.report = :report ORDER BY deliveries.id",
            report=report,
        )
        return [(row["kind"] or row["verb"], row["state"]) for row in rows]

    def sent(self) -> list[Message]:
        """The replies that the smarthost took."""
        return [BytesParser(policy=default).parsebytes(one) for one in self.sent_bytes()]

    def sent_bytes(self) -> list[bytes]:
        return [one.content for one in self.sink.taken if isinstance(one.content, bytes)]


def letter(text: str, sender: str, *, name: str = "", to: str = "support@faultgate.localhost", **headers: str) -> bytes:
    """Write a customer's mail."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f'"{name}" <{sender}>' if name else sender
    mail["To"] = to
    for header, value in headers.items():
        mail[header.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def answer(reply: Message, text: str, sender: str, **headers: str) -> bytes:
    """Answer one of our replies as a mailer does, the original quoted below."""
    quoted = "\n".join(f"> {line}" for line in text_of(reply).splitlines())
    return letter(
        f"{text}\n\n> {reply['From']}:\n{quoted}\n", sender, to=str(reply["Reply-To"]),
        Subject=f"Re: {reply['Subject']}", In_Reply_To=str(reply["Message-ID"]),
        References=f"{reply['References'] or ''} {reply['Message-ID']}".strip(), **headers,
    )  # fmt: skip


def text_of(reply: Message) -> str:
    """Give the text of a reply."""
    payload = reply.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()
