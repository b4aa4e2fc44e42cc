"""Events to partners: one signed POST to a subscription's listener (TMF621; Standard Webhooks 1.0.0).

Whatever the partner says but 2xx is a failure, and tried again for days; 410 ends the subscription.
"""

import base64
import threading
from collections.abc import Mapping
from datetime import datetime

from config.partners import Events, Partner, PartnerApi
from config.secrets import Secret
from outbox.backends.webhook import keys, signed
from outbox.breaker import Circuit
from records.arrival import Down, TryAgain
from records.deliveries import Refused
from records.partner_events import Event, EventType, Subscription
from web.calling import Answer, NoAnswer, call
from web.egress import NotAllowed, NotFound, addresses, destination

_MEDIA_TYPES = {4: "application/json;charset=utf-8", 5: "application/json"}  # exactly as the official files have them
_PASSING = {408, 421, 425, 429}  # of the 4xx


class Gone(Refused):
    """The listener says that it is no more (410)."""


class Notifier:
    """Sends events. Thread-safe; each subscription has a circuit of its own, so that a dead one is left alone."""

    def __init__(self, partners: Mapping[str, Partner], api: PartnerApi) -> None:
        self._partners = partners
        self._allowed = frozenset(api.allow_callbacks)
        self._circuits: dict[int, Circuit] = {}
        self._lock = threading.Lock()

    def send(self, event: Event, to: Subscription, now: datetime) -> None:
        """Bring one event to a subscription; returns once the partner has taken it.

        Raises TryAgain (Resting while it is left alone), Gone, and Refused where nothing may be sent there.
        """
        partner = self._partners.get(to.partner)
        if partner is None or partner.events is None:
            raise TryAgain(f"partners.{to.partner}.events is not wired: give its secret")
        headers = {"Content-Type": _MEDIA_TYPES[to.version], "Accept": "application/json"}
        headers |= _proof(to.partner, partner.events, event, now)
        with self._circuit(to).through():
            answer = self._post(event, to, partner.events, headers)
            if answer.status // 100 != 2:
                raise _verdict(answer, f"the listener of {to.partner}")

    def check(self, name: str) -> None:
        """Look whether a partner's key can be used; nothing is sent. Raises TryAgain with the remedy."""
        settings = self._partners[name].events
        where = f"partners.{name}.events.secret"
        if settings is not None and settings.auth == "signature":
            keys(where, settings.secret)
        elif settings is not None:
            _plain(where, settings.secret)

    def _post(self, event: Event, to: Subscription, settings: Events, headers: Mapping[str, str]) -> Answer:
        try:
            where = destination(to.callback.rstrip("/") + listener(to.callback, event.type), self._allowed)
            answer = call(
                "POST", where, addresses(where, self._allowed), headers=headers, content=event.message.encode(),
                timeout=settings.timeout, ca_file=settings.ca_file,
            )  # fmt: skip
        except NotAllowed as error:
            raise Refused(f"the callback of {to.partner} can't be used: {error}") from None
        except (NotFound, NoAnswer) as error:
            raise Down(str(error)) from None
        except OSError:  # of the certificates' file
            raise TryAgain(
                f"partners.{to.partner}.events.ca_file can't be used: give a file of PEM certificates"
            ) from None
        return answer

    def _circuit(self, to: Subscription) -> Circuit:
        with self._lock:
            return self._circuits.setdefault(to.id, Circuit(f"the listener of {to.partner}"))


def _verdict(answer: Answer, who: str) -> TryAgain | Gone:
    """Tell what a refusal means; one that speaks of this event alone does not count against the listener."""
    text = f"{who} answers {answer.status}"
    if answer.status == 410:
        return Gone(text)
    if answer.status // 100 == 4 and answer.status not in _PASSING:
        return TryAgain(text)
    asked = answer.headers.get("retry-after", "")
    return Down(text, after=int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 6 else 0)


def listener(callback: str, kind: EventType) -> str:
    """Give what stands behind a callback for one kind of event: TMF621 has a listener for each.

    A callback that names a listener itself, as in the examples of version 5, gets all of them as it is.
    """
    segments = callback.rstrip("/").split("/")[3:]
    if "listener" in segments[:-1]:
        return ""
    name = kind.value[0].lower() + kind.value[1:]
    return f"/{name}" if segments[-1:] == ["listener"] else f"/listener/{name}"


def _proof(partner: str, settings: Events, event: Event, now: datetime) -> dict[str, str]:
    """Give the headers that prove that it is ours; `webhook-id` is the same at every attempt."""
    where = f"partners.{partner}.events.secret"
    at, message = int(now.timestamp()), event.message.encode()
    if settings.auth == "signature":
        return signed(event.id, at, message, keys(where, settings.secret))
    plain = _plain(where, settings.secret)
    if settings.auth == "basic":
        plain = base64.b64encode(f"{settings.user}:{plain}".encode()).decode()
    scheme = settings.auth.capitalize()
    return {"Authorization": f"{scheme} {plain}", "webhook-id": event.id, "webhook-timestamp": str(at)}


def _plain(where: str, secret: Secret) -> str:
    try:
        plain = secret.reveal()
    except LookupError as error:
        raise TryAgain(f"{where}: {error}") from None
    if not plain or not plain.isascii() or not plain.isprintable():
        raise TryAgain(f"{where}: the secret is not one line of ASCII: write it anew")
    return plain
