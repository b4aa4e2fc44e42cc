"""A receiver of signed messages: Standard Webhooks 1.0.0 (https://www.standardwebhooks.com, symmetric keys).

What can't be asked is told twice at worst, with one `webhook-id`: the receiver keeps the first.
"""

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING, Any

import msgspec

from config.backends import Webhook
from config.secrets import Secret
from outbox.backends.cleaning import about
from outbox.backends.http import Http
from outbox.backends.mapping import Template
from records.arrival import TryAgain
from records.deliveries import Delivered, Ticket, Verb

if TYPE_CHECKING:
    from outbox.backends import Tools

#: No fields by default: the whole record is there. A site's own are added as `data.fields`.
TYPES = {Verb.CREATE: "ticket.created", Verb.AMEND: "ticket.amended", Verb.WITHDRAW: "ticket.withdrawn"}
_PREFIX = "whsec_"


class WebhookBackend:
    """See `outbox.backends.Backend`. A ticket's number there is ours; whether it has left the archive knows."""

    def __init__(self, name: str, settings: Webhook, tools: "Tools") -> None:
        self._name = name
        self._settings = settings
        self._tools = tools
        self._http = Http(name, settings)
        self._template = Template(settings, {}, {})

    def create(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        return self._tell(ticket, Verb.CREATE)

    def amend(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        return self._tell(ticket, Verb.AMEND)

    def withdraw(self, ticket: Ticket) -> Delivered:
        """See `Backend`."""
        return self._tell(ticket, Verb.WITHDRAW)

    def find(self, external_id: str) -> str | None:
        """See `Backend`."""
        return self._tools.ledger.number_of(self._name, external_id)

    def status(self, external_id: str) -> str | None:
        """See `Backend`; the receiver tells us nothing."""
        number = self.find(external_id)
        if number is None:
            return None
        return "cancelled" if self._tools.ledger.withdrawn(self._name, number) else "acknowledged"

    def check(self) -> str:
        """See `Backend`: nothing is sent, for every message counts."""
        self._keys()
        return "the keys can be used; the receiver is not asked"

    def preview(self, ticket: Ticket, verb: Verb) -> str:
        """See `outbox.backends.Previewed`."""
        return msgspec.json.format(self._message(ticket, verb), indent=2).decode()

    def _tell(self, ticket: Ticket, verb: Verb) -> Delivered:
        if verb is not Verb.CREATE and (ticket.earlier is None or self.find(ticket.earlier) is None):
            raise TryAgain(f"the ticket of {ticket.earlier} is not there yet")
        message = self._message(ticket, verb)
        headers = signed(ticket.external_id, int(self._tools.now().timestamp()), message, self._keys())
        with about(ticket):
            self._http.ask("POST", "", content=message, headers=headers)
        return Delivered(external_id=ticket.earlier or ticket.external_id)

    def _message(self, ticket: Ticket, verb: Verb) -> bytes:
        """Write the message; the same at every attempt."""
        data: dict[str, Any] = {"number": ticket.external_id, "earlier": ticket.earlier, "text": ticket.text}
        fields = self._template.filled(ticket)
        told = {**data, "record": ticket.record, **({"fields": fields} if fields else {})}
        return msgspec.json.encode({"type": TYPES[verb], "timestamp": ticket.record.received_at, "data": told})

    def _keys(self) -> list[bytes]:
        return keys(f"backends.{self._name}.secret", self._settings.secret)


def keys(where: str, secret: Secret) -> list[bytes]:
    """Give the keys, one for each line of the secret: while a key is changed there are two.

    `where`: its key in the wiring file. Raises TryAgain with the remedy.
    """
    try:
        lines = secret.reveal().split()
        found = [base64.b64decode(line.removeprefix(_PREFIX), validate=True) for line in lines]
    except LookupError as error:
        raise TryAgain(f"{where}: {error}") from None
    except binascii.Error:
        found = []
    if not found or not all(24 <= len(key) <= 64 for key in found):
        raise TryAgain(f"{where}: write whsec_ and 24 to 64 bytes in base64")
    return found


def signed(message_id: str, at: int, message: bytes, keys: list[bytes]) -> dict[str, str]:
    """Give the three headers of a message; `at` in seconds since 1970."""
    content = f"{message_id}.{at}.".encode() + message
    marks = [base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys]
    return {
        "webhook-id": message_id, "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }  # fmt: skip
