"""The archive's own shelf keeps the same contract as the shelf in memory, in both profiles; it knows what has left."""

import pytest

from config.settings import Builtin
from outbox.backends import backend
from records.deliveries import Verb
from storage.database import Database
from storage.tickets import Shelf
from tests.outbox import test_backends as contract
from tests.outbox.rigs import Rig, tools


@pytest.fixture
def rig(database: Database) -> Rig:
    shelf = Shelf(database)

    def tickets(number: str) -> int:
        with database.read() as tx:
            return len(tx.all("SELECT id FROM tickets WHERE external_id = :id", id=number))

    def said(_: str, number: str) -> int:
        with database.read() as tx:
            return len(tx.all("SELECT ticket FROM ticket_entries WHERE external_id = :id", id=number))

    return Rig(backend("desk", Builtin(), tools(shelf=shelf)), tickets, said)


def test_the_archive_s_shelf_keeps_the_contract(rig: Rig) -> None:
    contract.test_what_was_never_created_is_not_found(rig)
    contract.test_a_follow_up_is_said_once(rig)
    contract.test_a_backend_says_that_it_can_be_reached(rig)


def test_the_archive_s_shelf_lets_follow_ups_wait(rig: Rig) -> None:
    contract.test_a_follow_up_waits_for_its_ticket(rig, Verb.AMEND)
    contract.test_a_withdrawn_ticket_is_cancelled_and_an_amended_one_is_not(rig)
    contract.test_creating_twice_is_one_ticket(rig)


def test_many_workers_make_one_ticket_in_the_archive(rig: Rig) -> None:
    contract.test_many_workers_make_one_ticket(rig)
