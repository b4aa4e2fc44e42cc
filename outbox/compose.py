"""An automatic reply as a mail (RFC 5322, RFC 3834) that no text of the report can bend."""

import hashlib
import re
from datetime import datetime
from email.header import Header
from email.message import Message
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr

from config.settings import Gateway
from outbox.texts import Links, body, language_for, words
from records.addresses import is_plain_address
from records.deliveries import Refused, Reply
from records.numbers import report_of
from records.tokens import token

_MSG_ID = re.compile(r"<[!-;=?-~]{3,250}>")  # RFC 5322 section 3.6.4, without its folding and comments
_SUBJECT_CAP = 120  # characters of the customer's subject
_NUMBER_CAP = 80  # characters of a partner's number
_REFERENCES_CAP = 20  # message ids: the thread's first and its last ones


def compose(
    reply: Reply, delivery_key: str, sender: str, gateway: Gateway, key: bytes, now: datetime,
    links: Links | None = None,
) -> Message:  # fmt: skip
    """Write the mail, in ASCII and base64. The same delivery gives the same Message-ID at every attempt.

    The token stands for the report that the reply is about, so that every answer leads to the ticket. Raises Refused
    where the recipient is no plain addr-spec. `Precedence` is left out: RFC 3834 section 3.1.8 does not recommend it,
    and the null reverse-path and Auto-Submitted say the same.
    """
    report = report_of(reply.record_id)
    if report is None or not is_plain_address(reply.to):
        raise Refused("the recipient's address or the record's number can't be used in a mail")
    proof = token(key, report, reply.to)
    address = _tagged(sender, proof)
    mail = MIMEText(body(reply, gateway, links), "plain", "utf-8")
    mail["From"] = mail["Reply-To"] = formataddr((_line(gateway.name), address))
    mail["To"] = reply.to
    mail["Subject"] = Header(_subject(reply), "utf-8", header_name="Subject").encode()
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{proof}.{hashlib.sha256(delivery_key.encode()).hexdigest()[:16]}@{gateway.domain}>"
    thread = _thread(reply)
    if thread:
        mail["In-Reply-To"] = thread[-1]
        mail["References"] = " ".join(thread)
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = language_for(reply.language)
    return mail


def _tagged(sender: str, tag: str) -> str:
    """Add the token as a sub-address (RFC 5233): support+fg-…@isp.example."""
    local, _, domain = sender.rpartition("@")
    return f"{local}+{tag}@{domain}"


def _line(text: str) -> str:
    """Make one line of visible characters: what could end a header, hide or turn round is a space."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[:2000]).split())


def _subject(reply: Reply) -> str:
    """Repeat the customer's subject, so that his mailer keeps the thread together, with the number behind it.

    A partner's number stands there too, whatever his subject was: his ticket system finds its ticket by it.
    """
    tag = f"[{reply.record_id}]"
    subject = _line((reply.subject or "").replace(tag, ""))
    while subject.lower().startswith("re:"):
        subject = subject[3:].lstrip()
    if not subject:
        subject = words()[language_for(reply.language)].subject
        return f"{subject} {_partner_tag(reply, subject)}{tag}"
    subject = subject[:_SUBJECT_CAP]
    return f"Re: {subject} {_partner_tag(reply, subject)}{tag}"


def _partner_tag(reply: Reply, subject: str) -> str:
    number = _line(reply.partner_number or "")[:_NUMBER_CAP]
    return f"[{number}] " if number and number not in subject else ""


def _thread(reply: Reply) -> list[str]:
    """Give the ids for References, the answered mail's last; none where that mail has no usable id."""
    if reply.in_reply_to is None or not _MSG_ID.fullmatch(reply.in_reply_to):
        return []
    earlier = [found for found in reply.references if _MSG_ID.fullmatch(found) and found != reply.in_reply_to]
    return [*earlier[:1], *earlier[1:][-_REFERENCES_CAP:], reply.in_reply_to]
