"""Who a letter is from, to whom, of which day; and what stood on its cover."""

import textwrap
from datetime import UTC, datetime

import pytest

from normalizer.fields import find
from normalizer.paper.reading import reading_of
from records.arrival import Envelope
from records.reading import Page
from tests.normalizer.documents import makers
from tests.normalizer.documents.reading import read
from tests.normalizer.field_scores import Scores, context
from tests.normalizer.test_fields_reports import _ALWAYS, _INVENTED

TROUBLE = "Со вчерашнего дня не работает интернет."


@pytest.mark.parametrize(("head", "name", "organization"), [
    ("Директору ООО «Телеком»\nСидорову П. К.\nг. Пенза, ул. Ленина, 1\nот Петрова Ивана Сергеевича",
     "Петров Иван Сергеевич", None),
    ("Кому: ООО «Телеком»\nОт кого: Петров Иван Сергеевич", "Петров Иван Сергеевич", None),
    ("ООО «Ромашка»\n\nНачальнику службы поддержки\nООО «Телеком»\n\nЗаявитель: Петров Иван Сергеевич",
     "Петров Иван Сергеевич", "ООО «Ромашка»"),
])  # fmt: skip
def test_the_addressee_is_not_the_reporter(head: str, name: str, organization: str | None) -> None:
    record = read(makers.letter_pdf(f"{head}\n\n{TROUBLE}")).record
    assert (record.reporter.name, record.reporter.organization) == (name, organization)
    assert record.affected.address.street is None


def test_an_english_letter() -> None:
    text = "Telecom Plus Ltd\nCustomer Support\n\nFrom: Ann Lee\n5 Park Road\nLeeds\n\nNo internet since yesterday."
    record = read(makers.letter_pdf(text), language="en", region="GB").record
    assert (record.reporter.name, record.reporter.organization) == ("Ann Lee", None)
    assert (record.affected.address.street, record.affected.address.city) == ("Park Road", "Leeds")


def test_yesterday_counts_from_the_letter_s_date() -> None:
    text = f"{TROUBLE}\nПетров Иван Сергеевич\n16.11.2026"
    assert str(read(makers.letter_pdf(text)).record.since) == "2026-11-15"
    assert str(read(makers.letter_pdf(f"{TROUBLE}\nПетров Иван Сергеевич")).record.since) == "2026-11-19"
    late = datetime(2027, 6, 1, tzinfo=UTC)  # a date of long ago is not when it was posted
    assert str(read(makers.letter_pdf(text), received_at=late).record.since) == "2027-05-31"


def test_the_cover_tells_what_the_letter_does_not() -> None:
    cover = Envelope(postal_sender="Петров Иван Сергеевич, г. Пенза, ул. Кирова, д. 3, кв. 4")
    record = read(makers.letter_pdf(TROUBLE), envelope=cover).record
    assert record.reporter.name == "Петров Иван Сергеевич"
    assert (record.affected.address.street, record.affected.address.flat) == ("Кирова", "4")
    assert record.evidence["reporter.name"].where == "envelope"
    signed = read(makers.letter_pdf(f"{TROUBLE}\nС уважением, Соколова Галина Петровна"), envelope=cover).record
    assert signed.reporter.name == "Соколова Галина Петровна"


@pytest.mark.parametrize(("called", "expected"), [
    ("+7 8412 456789", "+78412456789"), ("78412456789", "+78412456789"), ("8 (8412) 45-67-89", "+78412456789"),
    ("+44 20 7946 0958", "+442079460958"), ("unknown", None), ("", None), ("000", None), ("anonymous 12", None),
])  # fmt: skip
def test_the_calling_number_is_one_to_call_where_it_may_be(called: str, expected: str | None) -> None:
    record = read(makers.letter_pdf(TROUBLE), envelope=Envelope(calling_number=called)).record
    assert record.reporter.phone == expected
    told = read(makers.letter_pdf(f"{TROUBLE}\nтел. 8 917 340-22-18"), envelope=Envelope(calling_number=called)).record
    assert told.reporter.phone == "+79173402218"


def _typed(text: str, width: int) -> str:
    return "\n".join(piece for line in text.split("\n") for piece in textwrap.wrap(line, width) or [""])


@pytest.mark.parametrize("width", [50, 68, 100])
def test_a_report_is_told_alike_when_it_is_typed_on_paper(width: int) -> None:
    scores = Scores()
    for variations in _INVENTED.values():
        for language, text, truth in variations:
            typed = _typed(text, width // 2 if language == "zh" else width)
            page = Page(number=1, text=typed)
            reading = reading_of([page], "image/tiff", context(language))
            scores.hold(text[:60], find(reading, context(language)), truth, _ALWAYS)
    assert scores.share_wrong() <= 0.01, scores.wrong
    assert sum(scores.right.values()) >= 0.94 * sum(scores.told.values()), scores.table()
