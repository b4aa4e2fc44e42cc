"""Automatic replies through a smarthost."""

from datetime import datetime, timedelta

from config.settings import Gateway, Replies
from outbox.compose import compose
from outbox.policy import own_address
from outbox.smarthost import Smarthost
from outbox.texts import Links
from records.deliveries import ASKS_SOLVED, Delivered, Delivery, Refused, Reply
from records.numbers import report_of
from records.tokens import Verdict, verdict_token


class Mailer:
    """Sends replies, one connection each, with the null reverse-path (RFC 3834 section 3.3)."""

    def __init__(self, settings: Replies, gateway: Gateway, key: bytes) -> None:
        self._smarthost = Smarthost(settings, gateway.domain, "replies")
        self._settings = settings
        self._gateway = gateway
        self._key = key
        self._sender = own_address(settings, gateway)

    def send(self, delivery: Delivery, now: datetime) -> Delivered:
        """Hand one reply to the smarthost; its number is the Message-ID.

        Raises Refused on a 5xx for this mail, and TryAgain on everything else that keeps it from being taken; after
        a lost connection the mail may go out twice, with one Message-ID.
        """
        if delivery.reply is None:
            raise Refused("the delivery holds no reply")
        reply = delivery.reply
        links = self._links(reply, now)
        mail = compose(reply, delivery.key, self._sender, self._gateway, self._key, now, links)
        with self._smarthost.session() as smarthost:
            smarthost.send_message(mail, "", [reply.to])
        return Delivered(external_id=mail["Message-ID"])

    def _links(self, reply: Reply, now: datetime) -> Links | None:
        """Give the two links that answer whether it was solved; None where the site has no page for them."""
        url, report = self._settings.answers_url, report_of(reply.record_id)
        if reply.kind not in ASKS_SOLVED or url is None or report is None:
            return None
        until = now + timedelta(days=self._settings.answer_days)
        yes, no = (verdict_token(self._key, Verdict(report, solved, until)) for solved in (True, False))
        return Links(yes=f"{url.rstrip('/')}/solved/{yes}", no=f"{url.rstrip('/')}/solved/{no}")

    def check(self) -> str:
        """Tell that the smarthost takes our mail; raises TryAgain with the remedy."""
        return self._smarthost.check()
