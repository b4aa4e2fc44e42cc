"""A partner's number belongs to one report, whoever comes at the same moment."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import pytest
from msgspec.structs import replace

from config.settings import Gateway, Storage
from records.arrival import TryAgain
from records.linking import Clues
from records.numbers import number
from records.partner import PartnerTicket, Verification
from records.record import FaultRecord
from records.words import Order
from storage import partner_numbers
from storage.database import Database
from storage.opening import open_database
from tests.outbox.situations import AT, fault_record
from tests.storage.arrivals import arrival, intake

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ACME = PartnerTicket(name="Acme", verified_by=Verification.DKIM)


@pytest.fixture
def reports(database: Database, profile: tuple[Gateway, Storage]) -> list[int]:
    opened = intake(database, profile)
    return [asyncio.run(opened.accept(arrival(content=b"%d" % count))).report for count in range(8)]


def of(report: int, **changes: object) -> FaultRecord:
    return replace(fault_record(report), **{"external_id": "TKT-1", "partner": ACME, **changes})


def owner(database: Database, report: int = 0, name: str = "Acme", external_id: str = "TKT-1") -> int | None:
    clues = Clues(partner=name, number=external_id, record_id=number(report, AT) if report else None)
    with database.read() as tx:
        return partner_numbers.earlier(tx, clues)


def claim(database: Database, record: FaultRecord, report: int) -> bool:
    try:
        database.write(partial(partner_numbers.claim, report=report, record=record, at=NOW))
    except TryAgain:
        return False
    return True


def test_of_many_at_once_in_two_processes_one_gets_the_number(
    database: Database, profile: tuple[Gateway, Storage], reports: list[int]
) -> None:
    other = open_database(*profile)
    try:
        with ThreadPoolExecutor(8) as pool:
            places = [(database if report % 2 else other, of(report), report) for report in reports]
            won = list(pool.map(lambda place: claim(*place), places))
    finally:
        other.close()
    assert won.count(True) == 1
    assert owner(database) == reports[won.index(True)]


def test_a_number_is_the_partner_s_own(database: Database, reports: list[int]) -> None:
    first, second, *_ = reports
    assert claim(database, of(first), first)
    assert claim(database, of(first), first), "a report that is read again has it already"
    assert claim(database, of(second, partner=replace(ACME, name="Beta")), second)
    assert (owner(database), owner(database, name="Beta")) == (first, second)
    assert owner(database, first) is None, "nothing is about itself"
    assert owner(database, external_id="TKT-2") is None


@pytest.mark.parametrize("changes", [
    {"partner": None}, {"partner": replace(ACME, verified_by=None)}, {"external_id": None},
    {"order": Order.NOT_A_FAULT}, {"reference": number(1, AT)},
])  # fmt: skip
def test_what_is_not_verified_or_is_about_an_earlier_report_claims_nothing(
    database: Database, reports: list[int], changes: dict[str, object]
) -> None:
    assert claim(database, of(reports[1], **changes), reports[1])
    assert owner(database) is None


def test_an_unusual_number_is_kept_and_found(database: Database, reports: list[int]) -> None:
    strange = "\0'; DROP TABLE reports; --\ud800" + "9" * 1000
    assert claim(database, of(reports[0], external_id=strange), reports[0])
    assert owner(database, external_id=strange) == reports[0]
