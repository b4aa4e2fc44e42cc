"""One contract for every kind of backend, over the table of kinds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.settings import Builtin
from outbox import deliver
from outbox.backends import BACKENDS, Backend, Tools, backend
from outbox.backends.builtin import MemoryShelf
from records.arrival import TryAgain
from records.deliveries import Delivered, Delivery, Refused, Ticket, Verb
from tests.outbox.situations import GATEWAY, ticket

#: How a test makes one of each kind; a new kind adds its line, with a real or shipped stand-in for the other side.
MAKERS: dict[str, Callable[[], Backend]] = {
    "builtin": lambda: backend("desk", Builtin(), Tools(gateway=GATEWAY, shelf=MemoryShelf())),
}


def delivery(verb: Verb, what: Ticket | None) -> Delivery:
    return Delivery(id=1, report=7, verb=verb, backend="desk", key="k", ticket=what)


@pytest.fixture(params=list(BACKENDS))
def desk(request: pytest.FixtureRequest) -> Backend:
    return MAKERS[request.param]()


def test_a_created_ticket_is_found_under_our_number(desk: Backend) -> None:
    made = deliver(delivery(Verb.CREATE, ticket(7)), desk)

    assert made.external_id is not None
    assert desk.find("FR-2026-0000007") == made.external_id
    assert desk.status("FR-2026-0000007") == "acknowledged"


def test_creating_twice_is_one_ticket(desk: Backend) -> None:
    first = deliver(delivery(Verb.CREATE, ticket(7)), desk)
    again = deliver(delivery(Verb.CREATE, ticket(7)), desk)
    other = deliver(delivery(Verb.CREATE, ticket(8)), desk)

    assert first.external_id == again.external_id != other.external_id


def test_what_was_never_created_is_not_found(desk: Backend) -> None:
    assert desk.find("FR-2026-0000007") is None
    assert desk.status("FR-2026-0000007") is None


@pytest.mark.parametrize("verb", [Verb.AMEND, Verb.WITHDRAW])
def test_a_follow_up_waits_for_its_ticket(desk: Backend, verb: Verb) -> None:
    with pytest.raises(TryAgain, match="FR-2026-0000007"):
        deliver(delivery(verb, ticket(8, after=7)), desk)
    with pytest.raises(TryAgain, match="FR-2026-0000007"):
        desk.amend(ticket(8, after=7))
    made = deliver(delivery(Verb.CREATE, ticket(7)), desk)

    assert deliver(delivery(verb, ticket(8, after=7)), desk).external_id == made.external_id


def test_a_withdrawn_ticket_is_cancelled_and_an_amended_one_is_not(desk: Backend) -> None:
    deliver(delivery(Verb.CREATE, ticket(7)), desk)
    deliver(delivery(Verb.AMEND, ticket(8, after=7)), desk)

    assert desk.status("FR-2026-0000007") == "acknowledged"
    deliver(delivery(Verb.WITHDRAW, ticket(9, after=7)), desk)
    deliver(delivery(Verb.WITHDRAW, ticket(9, after=7)), desk)
    assert desk.status("FR-2026-0000007") == "cancelled"


def test_many_workers_make_one_ticket(desk: Backend) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: desk.create(ticket(7)).external_id, range(64)))

    assert len(set(made)) == 1


def test_a_backend_says_that_it_can_be_reached(desk: Backend) -> None:
    assert desk.check()


@pytest.mark.parametrize("verb", [Verb.CREATE, Verb.AMEND])
def test_a_delivery_without_a_ticket_is_refused(desk: Backend, verb: Verb) -> None:
    with pytest.raises(Refused):
        deliver(delivery(verb, None), desk)


def test_every_kind_has_settings_and_a_maker() -> None:
    assert set(BACKENDS) == set(MAKERS) == {str(Builtin.__struct_config__.tag)}


def test_an_entry_is_kept_once_with_what_it_says() -> None:
    shelf = MemoryShelf()
    shelf.open("FR-2026-0000007", ticket(7))
    for _ in range(3):
        shelf.append("FR-2026-0000007", Verb.AMEND, ticket(8, after=7))
    shelf.append("FR-2026-0000007", Verb.AMEND, ticket(9, after=7))

    assert list(shelf.entries["FR-2026-0000007"]) == ["FR-2026-0000008", "FR-2026-0000009"]


class RefusingDesk:
    """A backend that looks, but takes nothing."""

    def find(self, external_id: str) -> str | None:
        return "17" if external_id == "FR-2026-0000003" else None

    def status(self, external_id: str) -> str | None:
        return None if self.find(external_id) is None else "acknowledged"

    def create(self, ticket: Ticket) -> Delivered:
        raise Refused(f"no queue for {ticket.external_id}")

    amend = withdraw = create

    def check(self) -> str:
        return "refuses"


@pytest.mark.parametrize("verb", [Verb.CREATE, Verb.AMEND, Verb.WITHDRAW])
def test_a_refusal_comes_through_for_a_person(verb: Verb) -> None:
    with pytest.raises(Refused, match="no queue for FR-2026-0000007"):
        deliver(delivery(verb, ticket(7, after=3)), RefusingDesk())


def test_a_ticket_that_is_there_already_is_adopted() -> None:
    assert deliver(delivery(Verb.CREATE, ticket(3)), RefusingDesk()).external_id == "17"
