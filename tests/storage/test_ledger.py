"""What has left already can be asked for, by backends that can't be asked themselves."""

import asyncio

from config.settings import Gateway, Storage
from records.deliveries import Delivered, Delivery, Ticket, Verb
from records.numbers import report_of
from records.tasks import Step
from storage import tasks
from storage.database import Database, Transaction
from storage.deliveries import add_delivery, delivered
from storage.ledger import Ledger
from storage.rows import micros
from tests.outbox.situations import AT, ticket
from tests.storage.arrivals import arrival, intake


def left(database: Database, verb: Verb, what: Ticket, backend: str, number: str) -> None:
    """Let one delivery leave, as the road does."""

    def work(tx: Transaction) -> None:
        report = report_of(what.external_id) or 0
        delivery = Delivery(
            id=0, report=report, verb=verb, backend=backend, key=f"{verb}/{report}/{backend}", ticket=what
        )
        row = add_delivery(tx, delivery, micros(AT))
        assert row is not None
        task = tasks.add_begun(tx, Step.DELIVER, row, "", micros(AT))
        delivered(tx, task, delivery, Delivered(external_id=number), AT)

    database.write(work)


def test_it_knows_what_has_left_and_for_whom(database: Database, profile: tuple[Gateway, Storage]) -> None:
    house = intake(database, profile)
    for content in (b"one", b"two", b"three"):
        asyncio.run(house.accept(arrival(content)))
    ledger = Ledger(database)
    first, second, third = ticket(1), ticket(2, after=1), ticket(3, after=1)

    assert ledger.number_of("carrier", first.external_id) is None
    left(database, Verb.CREATE, first, "carrier", "T-17")
    left(database, Verb.AMEND, second, "carrier", "T-17")
    assert ledger.number_of("carrier", first.external_id) == "T-17"
    assert ledger.number_of("other", first.external_id) is None
    assert ledger.number_of("carrier", second.external_id) is None
    assert ledger.number_of("carrier", "no number") is None
    assert not ledger.withdrawn("carrier", "T-17")

    left(database, Verb.WITHDRAW, third, "carrier", "T-17")
    assert ledger.withdrawn("carrier", "T-17")
    assert not ledger.withdrawn("other", "T-17")
