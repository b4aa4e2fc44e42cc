"""`faultgate preview`: what a ticket backend would be sent of a report, without sending it."""

import sys

from config.settings import Settings
from gateway.labour import backends
from gateway.listing import archive, find
from outbox.backends import Previewed
from records.deliveries import Ticket, Verb
from storage.versions import latest


def preview(settings: Settings, record_id: str, name: str, verb: str) -> int:
    """Print it; raises LookupError where there is no such report, record or backend, or it shows nothing."""
    with archive(settings) as database:
        with database.read() as tx:
            report = find(database, record_id)
            version = latest(tx, report.report)
        if version is None:
            raise LookupError(f"{report.id} has no record yet: wait until it is read")
        backend = backends(settings, database).get(name)
        if backend is None:
            raise LookupError(f"no backend is named {name}: there are {', '.join(settings.backends)}")
        shown = backend if isinstance(backend, Previewed) else None
        if shown is None:
            raise LookupError(f"backend {name} keeps the record as it is: see `faultgate show {report.id}`")
        earlier = None if verb == Verb.CREATE else report.id
        text = version.record.description or ""
        ticket = Ticket(external_id=report.id, record=version.record, text=text, earlier=earlier)
        sys.stdout.write(shown.preview(ticket, Verb(verb)).rstrip() + "\n")
    return 0
