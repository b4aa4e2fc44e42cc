"""What a clerk keyed in for a visitor."""

import msgspec
import pytest

from normalizer.readers import sniff
from records.media import WALK_IN
from records.record import Affected, PostalAddress, Reporter
from records.walk_in import WalkIn
from records.words import Review, Service, Symptom, Urgency
from tests.normalizer.documents.reading import read

SAID = "Не работает интернет с 18 ноября, ул. Московская, д. 5, кв. 7. Петров Иван, тел. 8 917 340-22-18"


def walk_in(**keyed: object) -> bytes:
    return msgspec.json.encode(WalkIn(form="f-1", description=SAID, **keyed))  # type: ignore[arg-type]


def test_what_was_keyed_stands_and_the_rest_is_found_in_the_description() -> None:
    done = read(
        walk_in(
            reporter=Reporter(name="Соколова Галина", phone="8 (927) 111-22-33"),
            affected=Affected(address=PostalAddress(house="6")), service=Service.IPTV, urgency=Urgency.URGENT,
        ),
        WALK_IN,
    )  # fmt: skip
    record = done.record
    assert (record.reporter.name, record.reporter.phone) == ("Соколова Галина", "+79271112233")
    assert (record.affected.address.street, record.affected.address.house) == ("Московская", "6")
    assert (record.service, record.symptom, record.urgency) == (Service.IPTV, Symptom.NO_SERVICE, Urgency.URGENT)
    assert (record.evidence["reporter.name"].where, record.evidence["reporter.name"].confidence) == ("keyed", 1.0)
    assert record.evidence["affected.address.street"].where == "body"
    assert (record.description, record.missing, record.needs_review) == (SAID, (), ())
    assert str(record.since) == "2026-11-18"


def test_an_empty_form_lets_the_description_speak() -> None:
    record = read(walk_in(), WALK_IN).record
    assert record.reporter.phone == "+79173402218"
    assert record.language == "ru"


def test_the_language_that_was_keyed_stands() -> None:
    assert read(walk_in(language="it"), WALK_IN).record.language == "it"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"form": 1}',
        b'{"form": "a", "description": "b", "role": "x"}',
        b'{"form": "a", "description": "b", "service": "none"}',
        b"[" * 100_000,
    ],
)
def test_a_malformed_form_goes_to_a_person(content: bytes) -> None:
    assert Review.UNREADABLE_ORIGINAL in read(content, WALK_IN).record.needs_review


def test_the_form_is_told_by_its_content() -> None:
    assert sniff(walk_in(), None) == WALK_IN
    assert sniff(walk_in(), WALK_IN) == WALK_IN
    assert sniff(b'{"update_id": 1, "description": ""}', None) != WALK_IN
