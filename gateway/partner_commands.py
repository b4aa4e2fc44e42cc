"""Partners on the command line: what `faultgate check` tells of each, and `faultgate replay-events`."""

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from config.partners import Partner
from config.settings import Settings
from gateway.bell import Ringer
from gateway.listing import archive
from outbox.notifying import Notifier
from partners.secret import SHORTEST, revealed
from storage import partner_events, subscriptions
from storage.database import Database, Transaction


def check(settings: Settings, database: Database, name: str) -> str:
    """Tell in one line how a partner gets in and how his events stand. Raises LookupError, TryAgain with the remedy."""
    partner = settings.partners[name]
    ways = _ways(name, partner, outside=settings.partner_api.issuer is not None)
    Notifier(settings.partners, settings.partner_api).check(name)
    with database.read() as tx:
        return f"gets in by {', '.join(ways)}; {_events(tx, name)}"


def replay(settings: Settings, name: str, since: datetime | None) -> int:
    """Switch a partner's subscriptions on and send his events anew. Raises LookupError where he is not wired."""
    if name not in settings.partners:
        raise LookupError(f"no partner is named {name}: there are {', '.join(settings.partners) or 'none'}")
    if since is not None and since.tzinfo is None:
        since = since.replace(tzinfo=ZoneInfo(settings.gateway.zone))
    with archive(settings) as database:
        count = database.write(partial(partner_events.replay, partner=name, since=since, at=datetime.now(UTC)))
    Ringer(Path(settings.gateway.data)).ring()
    sys.stdout.write(f"{count} events are on their way to {name}\n")
    return 0


def _ways(name: str, partner: Partner, *, outside: bool) -> list[str]:
    secrets = {"token": partner.token, "client_secret": partner.client_secret, "signing_key": partner.signing_key}
    wired = {kind: secret for kind, secret in secrets.items() if secret is not None}
    for kind, secret in wired.items():
        if revealed(f"partners.{name}.{kind}", secret) is None:
            raise LookupError(f"partners.{name}.{kind} can't be used: give a secret of {SHORTEST} characters or more")
    ways = [*wired, *(["tokens of the issuer"] if outside else [])]
    if not ways:
        raise LookupError(f"nobody can prove to be {name}: give partners.{name}.{', '.join(secrets)}, one of them")
    return ways


def _events(tx: Transaction, name: str) -> str:
    living = subscriptions.living(tx, name)
    for one in living:
        if one.off is not None:
            raise LookupError(
                f"subscription {one.id} is switched off ({one.off}); {partner_events.waiting(tx, one.id)} events wait: "
                f"speak with the partner, then `faultgate replay-events {name}`"
            )
    waiting = sum(partner_events.waiting(tx, one.id) for one in living)
    return f"subscriptions: {len(living)}, events on their way: {waiting}"
