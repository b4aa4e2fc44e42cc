"""Which events a subscription wants."""

from typing import Any

import pytest

from partners.errors import Fault
from partners.wishes import wish
from records.partner_events import EventType

TICKET: dict[str, Any] = {
    "status": "resolved", "severity": "Critical", "externalIdentifier": [{"id": "A-1", "owner": "north"}],
    "relatedParty": [{"role": "owner"}, {"role": "reporter"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", True), ("?", True), ("eventType=TroubleTicketResolvedEvent", True),
        ("eventType=TroubleTicketCreateEvent", False),
        ("eventType=TroubleTicketCreateEvent,TroubleTicketResolvedEvent", True),
        ("eventType=TroubleTicketResolvedEvent&status=closed", False), ("status=resolved", True),
        ("troubleTicket.status=resolved", True), ("event.troubleTicket.status=resolved,closed", True),
        ("status=pending", False), ("severity=Critical&status=resolved", True), ("relatedParty.role=reporter", True),
        ("externalIdentifier.id=A-1", True), ("externalIdentifier.id=A-2", False),
        ("eventType=TroubleTicketResolvedEvent&eventType=TroubleTicketCreateEvent", False),
    ],
)  # fmt: skip
def test_a_query_tells_which_events_are_wanted(query: str, wanted: bool) -> None:  # noqa: FBT001
    assert wish(query)(EventType.RESOLVED, TICKET) is wanted


@pytest.mark.parametrize("query", ["x", "data", "eventType=", "eventType=Other", "fields=id", "limit=1", "colour=red"])
def test_what_is_no_query_is_refused(query: str) -> None:
    with pytest.raises(Fault):
        wish(query)
