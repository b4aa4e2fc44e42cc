"""Tickets as structured mail, for desks that take nothing else: fields line by line, the record attached as JSON.

What has left the archive knows. Each mail has one Message-ID however often it is tried, so a desk that looks at it
keeps one; follow-ups and withdrawals answer the first mail (In-Reply-To), so every mail program keeps them together.
"""

import hashlib
from collections.abc import Iterator
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import TYPE_CHECKING

import msgspec

from config.backends import Mail
from outbox.backends.cleaning import about
from outbox.backends.mapping import TEXT, TITLE, Template, note
from outbox.files import packed, read
from outbox.smarthost import Smarthost
from records.addresses import is_plain_address
from records.arrival import TryAgain
from records.deliveries import Delivered, Ticket, Verb

if TYPE_CHECKING:
    from outbox.backends import Tools

#: The two that make the mail; every other field is a line `Name: value` in front of the text, for machines.
FIELDS = {"Subject": TITLE, "Text": TEXT, "Ticket": "{number}", "Urgency": "{urgency}", "Service": "{service}"}
VALUES = {"Urgency": {"normal": "normal", "control": "high", "urgent": "urgent"}}
_LINE = 900  # characters of a field's line: RFC 5322 section 2.1.1 allows 998


class MailBackend:
    """See `outbox.backends.Backend`."""

    def __init__(self, name: str, settings: Mail, tools: "Tools") -> None:
        self._name = name
        self._settings = settings
        self._tools = tools
        self._sender = settings.sender or f"tickets@{tools.gateway.domain}"
        self._smarthost = Smarthost(settings, tools.gateway.domain, f"backends.{name}")
        self._template = Template(settings, FIELDS, VALUES)

    def create(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        return self._send(ticket, Verb.CREATE)

    def amend(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        return self._send(ticket, Verb.AMEND)

    def withdraw(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        return self._send(ticket, Verb.WITHDRAW)

    def find(self, external_id: str) -> str | None:
        """See `Backend`."""
        return self._tools.ledger.number_of(self._name, external_id)

    def status(self, external_id: str) -> str | None:
        """See `Backend`; nobody tells us more."""
        number = self.find(external_id)
        if number is None:
            return None
        return "cancelled" if self._tools.ledger.withdrawn(self._name, number) else "acknowledged"

    def check(self) -> str:
        """See `Backend`."""
        self._recipients()
        return self._smarthost.check()

    def preview(self, ticket: Ticket, verb: Verb) -> str:
        """See `outbox.backends.Previewed`."""
        title, text = self._told(ticket, verb)
        return "\n".join([f"To: {', '.join(self._settings.to)}", f"Subject: {title}", "", text])

    def _send(self, ticket: Ticket, verb: Verb) -> Delivered:
        if verb is not Verb.CREATE and (ticket.earlier is None or self.find(ticket.earlier) is None):
            raise TryAgain(f"the ticket of {ticket.earlier} is not there yet")
        recipients, mail = self._recipients(), self._mail(ticket, verb)
        with about(ticket), self._smarthost.session() as smarthost:
            smarthost.send_message(mail, self._sender, recipients)
        behind = packed(ticket, self._tools.files, self._settings).behind if verb is not Verb.WITHDRAW else ()
        return Delivered(
            external_id=ticket.earlier or ticket.external_id, detail={"message_id": mail["Message-ID"]}, behind=behind
        )

    def _recipients(self) -> list[str]:
        if not self._settings.to or not all(is_plain_address(one) for one in (*self._settings.to, self._sender)):
            raise TryAgain(f"backends.{self._name}: `to` and `sender` must be plain addresses: mend them")
        return list(self._settings.to)

    def _mail(self, ticket: Ticket, verb: Verb) -> Message:
        """Write the mail, in ASCII and base64, so that no text of the report can bend it."""
        title, text = self._told(ticket, verb)
        mail: Message = MIMEText(text, "plain", "utf-8")
        files = [*self._record(ticket), *(self._files(ticket) if verb is not Verb.WITHDRAW else ())]
        if files:
            mail = MIMEMultipart("mixed", None, [mail, *files])
        mail["From"], mail["To"] = self._sender, ", ".join(self._settings.to)
        mail["Subject"] = Header(title, "utf-8", header_name="Subject").encode()
        mail["Date"] = format_datetime(self._tools.now())
        mail["Message-ID"] = self._message_id(ticket.external_id)
        if ticket.earlier is not None:
            mail["In-Reply-To"] = mail["References"] = self._message_id(ticket.earlier)
        mail["Auto-Submitted"] = "auto-generated"
        return mail

    def _record(self, ticket: Ticket) -> list[MIMEApplication]:
        if not self._settings.record:
            return []
        record = MIMEApplication(msgspec.json.format(msgspec.json.encode(ticket.record), indent=2), "json")
        name = f"{ticket.external_id.replace('/', '-')}.json"
        record.add_header("Content-Disposition", "attachment", filename=name)
        return [record]

    def _files(self, ticket: Ticket) -> Iterator[MIMEApplication]:
        """Give the report's files, each as plain bytes to be saved; one that can't be read holds nothing up."""
        for name, _, content in read(packed(ticket, self._tools.files, self._settings).leaving):
            part = MIMEApplication(content)
            part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
            yield part

    def _told(self, ticket: Ticket, verb: Verb) -> tuple[str, str]:
        """Give subject and text."""
        fields = {name: str(value) for name, value in self._template.filled(ticket).items()}
        title, text = fields.pop("Subject", ticket.external_id), fields.pop("Text", ticket.text)
        if verb is not Verb.CREATE:
            text = note(ticket, verb, self._settings)
            title = f"Re: [{ticket.earlier}] {title}"
            fields["Ticket"] = ticket.earlier or ""
        order = {Verb.CREATE: "new", Verb.AMEND: "follow-up", Verb.WITHDRAW: "withdrawal"}[verb]
        lines = [f"{name}: {_line(value)}" for name, value in {"Order": order, **fields}.items()]
        return _line(title), "\n".join([*lines, "", text, ""])

    def _message_id(self, number: str) -> str:
        proof = hashlib.sha256(f"{self._name}\0{number}".encode()).hexdigest()[:16]
        return f"<{number}.{proof}@{self._tools.gateway.domain}>"


def _line(text: str) -> str:
    """Make one line of visible characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[:_LINE]).split())
