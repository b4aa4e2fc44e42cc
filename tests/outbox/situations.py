"""Reports as the plan sees them, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from config.settings import Gateway, Replies
from outbox.situation import Situation
from records.deliveries import Kind, Reply, Ticket
from records.linking import Earlier
from records.numbers import number
from records.record import Classification, FaultRecord, OriginalRef, Reporter
from records.words import Disposition, Order

AT = datetime(2026, 11, 21, 7, 3, 11, tzinfo=UTC)
NOW = AT + timedelta(minutes=3)
GATEWAY = Gateway(
    name="Aurora Net",
    domain="desk.example",
    own_addresses=("help@aurora.example",),
    fax_gateways=("fax@fax.example", "@efax.example"),
)
REPLIES = Replies(host="127.0.0.1", allow_plaintext=True)
CUSTOMER = "galina@example.org"
KEY = b"0123456789abcdef0123456789abcdef"


def fault_record(report: int = 7, **changes: Any) -> FaultRecord:
    fields: dict[str, Any] = {
        "id": number(report, AT),
        "order": Order.REPORT,
        "channel": "mail",
        "received_at": AT,
        "due_at": AT + timedelta(hours=2),
        "language": "en",
        "reporter": Reporter(name="Galina Sokolova", email=CUSTOMER),
        "description": "No internet since Tuesday.",
        "original": OriginalRef(media_type="message/rfc822", size=1, sha256="0" * 64),
        "classification": Classification(disposition=Disposition.INCIDENT),
    }
    return FaultRecord(**{**fields, **changes})


def situation(report: int = 7, record: FaultRecord | None = None, **changes: Any) -> Situation:
    fields: dict[str, Any] = {
        "report": report,
        "record": record or fault_record(report),
        "text": "No internet since Tuesday.",
        "backends": ("desk",),
        "gateway": GATEWAY,
        "settings": REPLIES,
        "author": CUSTOMER,
        "envelope_sender": CUSTOMER,
        "message_id": "<1@example.org>",
        "subject": "No internet",
    }
    return Situation(**{**fields, **changes})


def earlier(report: int = 3) -> Earlier:
    return Earlier(id=number(report, AT), report=report, order=Order.REPORT, reporter_email=CUSTOMER)


def ticket(report: int, after: int | None = None) -> Ticket:
    known = None if after is None else number(after, AT)
    return Ticket(external_id=number(report, AT), record=fault_record(report), text="…", earlier=known)


def reply(kind: Kind = Kind.RECEIPT, **changes: Any) -> Reply:
    fields: dict[str, Any] = {
        "kind": kind,
        "to": CUSTOMER,
        "language": "en",
        "record_id": number(7, AT),
        "received_at": AT,
    }
    return Reply(**{**fields, **changes})
