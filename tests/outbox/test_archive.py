"""The archive's own shelf keeps the same contract as the shelf in memory, in both profiles."""

import pytest

from config.settings import Builtin
from outbox.backends import Backend, Tools, backend
from records.deliveries import Verb
from storage.database import Database
from storage.tickets import Shelf
from tests.outbox import test_backends as contract
from tests.outbox.situations import GATEWAY


@pytest.fixture
def desk(database: Database) -> Backend:
    return backend("desk", Builtin(), Tools(gateway=GATEWAY, shelf=Shelf(database)))


def test_the_archive_s_shelf_keeps_the_contract(desk: Backend) -> None:
    contract.test_what_was_never_created_is_not_found(desk)
    contract.test_a_follow_up_waits_for_its_ticket(desk, Verb.AMEND)
    contract.test_a_withdrawn_ticket_is_cancelled_and_an_amended_one_is_not(desk)
    contract.test_creating_twice_is_one_ticket(desk)
    contract.test_a_backend_says_that_it_can_be_reached(desk)


def test_many_workers_make_one_ticket_in_the_archive(desk: Backend) -> None:
    contract.test_many_workers_make_one_ticket(desk)
