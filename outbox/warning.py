"""Notices to people of the house: of promises near their end, of broken ones, of customers who ask again.

They name reports by number only; whoever may know more looks at the desk.
"""

import functools
import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from email.header import Header
from email.message import Message
from email.mime.text import MIMEText
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from config.backends import Webhook
from config.clocks import Route
from config.settings import Settings
from outbox.backends.http import Http
from outbox.backends.webhook import keys, signed
from outbox.policy import own_address
from outbox.smarthost import Smarthost
from records.chat import Outgoing
from records.clocks import BROKEN, REPEATED, SUSPECTED, Notice, Warned
from records.deliveries import Delivered, Delivery, Refused

TYPE = "warnings.raised"  # the webhook's event
Say = Callable[[str, str, Outgoing], Delivered]  # by a channel, in a chat


@functools.cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return msgspec.toml.decode(Path(__file__).with_name("warnings.toml").read_bytes(), type=dict[str, dict[str, str]])


class Herald:
    """Brings notices to their routes. Thread-safe."""

    def __init__(self, settings: Settings, say: Say) -> None:
        self._say = say
        self._routes = settings.warnings.routes
        self._gateway = settings.gateway
        self._desk = (settings.desk.public_url or "").rstrip("/")
        self._own = _words()[settings.warnings.language or settings.desk.language]
        self._sender = own_address(settings.replies, settings.gateway)
        self._smarthost = Smarthost(settings.replies, settings.gateway.domain, "replies")

    def send(self, delivery: Delivery, now: datetime) -> Delivered:
        """Bring one notice to its route. Raises Refused and TryAgain as a backend does.

        After a lost connection it may come twice, by mail and webhook with one Message-ID or webhook-id.
        """
        route = self._routes.get(delivery.backend)
        if route is None or delivery.notice is None:
            raise Refused(f"no route of warnings is named {delivery.backend}: wire warnings.routes.{delivery.backend}")
        name = hashlib.sha256(delivery.key.encode()).hexdigest()[:32]
        if route.chat is not None and route.channel is not None:
            said = Outgoing(text=f"{self._subject(delivery.notice)}\n\n{self.text(delivery.notice)}")
            return self._say(route.channel, route.chat, said)
        if route.mail is not None:
            self._mail(delivery.notice, route.mail, name, now)
        else:
            self._post(delivery.backend, route, delivery.notice, name, now)
        return Delivered(external_id=name)

    def check(self, name: str) -> str:
        """Tell that a route can be gone, without sending anything. Raises TryAgain and LookupError with the remedy."""
        route = self._routes[name]
        if route.mail is not None:
            return self._mailbox(name, route.mail)
        if route.webhook is None or route.secret is None:
            return f"the bot of channel {route.channel} says it, see there"
        keys(f"warnings.routes.{name}.secret", route.secret)
        with suppress(Refused):  # a receiver of POST may refuse this, which changes nothing (RFC 9110 section 9.2.1)
            Http(name, Webhook(url=route.webhook, secret=route.secret)).ask("HEAD", "", expected=(401, 501))
        return "the keys can be used, the receiver answers"

    def _mailbox(self, name: str, to: str) -> str:
        """Ask the smarthost whether it would take a mail to an address."""
        with self._smarthost.session() as smarthost:
            smarthost.mail("")
            code, _ = smarthost.rcpt(to)
            smarthost.rset()
        if code >= 400:
            raise LookupError(f"the smarthost takes no mail to the address ({code}): check warnings.routes.{name}.mail")
        return "the smarthost takes mail to the address"

    def _mail(self, notice: Notice, to: str, name: str, now: datetime) -> None:
        mail = self._composed(notice, to, name, now)
        with self._smarthost.session() as smarthost:
            smarthost.send_message(mail, "", [to])

    def _composed(self, notice: Notice, to: str, name: str, now: datetime) -> Message:
        mail = MIMEText(self.text(notice), "plain", "utf-8")
        mail["From"], mail["To"] = self._sender, to
        mail["Subject"] = Header(self._subject(notice), "utf-8", header_name="Subject").encode()
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<warn.{name}@{self._gateway.domain}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834 section 5
        return mail

    def _post(self, name: str, route: Route, notice: Notice, message_id: str, now: datetime) -> None:
        if route.webhook is None or route.secret is None:
            raise Refused(f"warnings.routes.{name} has no place: give mail, chat and channel, or webhook and secret")
        content = msgspec.json.encode({"type": TYPE, "timestamp": now, "data": notice})
        lock = keys(f"warnings.routes.{name}.secret", route.secret)
        headers = signed(message_id, int(now.timestamp()), content, lock)
        receiver = Http(name, Webhook(url=route.webhook, secret=route.secret))
        receiver.ask("POST", "", content=content, headers={"Content-Type": "application/json", **headers})

    def text(self, notice: Notice) -> str:
        """Write a notice: a line for each warning, with its place at the desk where that is known."""
        lines = [self._line(one) for one in notice.lines]
        more = [self._own["more"].format(count=notice.more)] if notice.more else []
        return "\n\n".join([*lines, *more]) + "\n"

    def _subject(self, notice: Notice) -> str:
        count = len(notice.lines) + notice.more
        return f"{self._own['subject'].format(count=count)} [{self._gateway.name}]"

    def _line(self, one: Warned) -> str:
        if one.stage == SUSPECTED:
            said = self._own["suspected"].format(number=one.id, note=one.note or "")
            return f"{said}\n{self._desk}/outages/{one.outage}" if self._desk else said
        due = one.due_at.astimezone(ZoneInfo(self._gateway.zone)).strftime(self._own["time"])
        said = self._own["line"].format(
            number=one.id, promise=self._own[one.promise], stage=self._stage(one), due=due
        )  # fmt: skip
        return f"{said}\n{self._desk}/reports/{one.id}" if self._desk else said

    def _stage(self, one: Warned) -> str:
        if one.stage == REPEATED:
            return self._own["repeated"].format(note=one.note or "")
        return self._own["broken"] if one.stage >= BROKEN else self._own["near"].format(percent=one.stage)
