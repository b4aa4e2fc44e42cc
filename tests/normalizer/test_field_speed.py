"""No text makes a finder slow: its work grows with the text's length, not with its square, and nothing crashes it."""

import sys
from collections.abc import Callable, Iterator
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import Knowledge
from classifier.facts import facts
from normalizer.fields import find
from normalizer.fields.passages import LONGEST
from normalizer.order import order_of
from normalizer.record import record
from tests.classifier.reports import report
from tests.normalizer.field_scores import context, reading

_SHORT, _LONG = 4_000, 40_000  # both below LONGEST, where finders stop
_GROWTH = 40.0  # of the work, for ten times the text; a square gives a hundred
_TINY = 0.02  # seconds under which no ratio says anything
_TRIES = 3  # another process may have had the core
_KNOWLEDGE = Knowledge.load()

#: What finders look for and what they skip, each said over and over.
PIECES = {
    "digits": "7", "digit groups": "12 ", "spaces": " ", "dots": ".", "dashes": "-", "newlines": "\n", "quotes": '"«',
    "brackets": "((((", "lower": "а", "upper": "А", "initials": "А ", "dotted initials": "А. ", "latin": "a",
    "latin capitals": "Aa ", "han": "路", "han digits": "一", "mixed": "аa0", "zero": "О0З3", "nul": "\0\1",
    "phone": "8 927 111-22-33 ", "local": "45-33-19 ", "plus": "+7", "e-mail": "a@b.", "ats": "@",
    "date": "20.11.2026 ", "year": "2026-", "slash": "1/2/", "name": "Иванов Иван Иванович ",
    "surname": "Петров ", "from": "от ",
    "i am": "я ", "my name": "меня зовут ", "contact": "Контакт: ", "street": "ул. ", "streets": "ул. Мира 5 ",
    "bare street": "Суворова 12-", "house": "дом 7 ", "flat": "кв. ", "block": "корп. 2 ", "city": "г. Пенза ",
    "contract": "договор № ", "account": "л/с ", "of account": "договор от 12.05.2024 ", "id": "id ",
    "circuit": "канал PNZ-", "code": "A-1-", "login": "логин a_", "ticket": "заявка № ", "inn": "ИНН ",
    "since": "с 12 ", "not working": "не работает ", "days": "три дня ", "on day": "в среду ", "if": "если ",
    "urgent": "срочно ", "again": "третий раз ", "withdraw": "отменить ", "status": "статус ", "when": "когда ",
    "thanks": "спасибо ", "internet": "интернет ", "no": "нет ", "phone word": "телефон ", "silent": "телефон аааа ",
    "via": "via ", "via name": "via Roma ", "interno": "int. 4 ", "sono": "sono Anna ", "tel": "tel. ",
    "flat 3": "Flat 3, ", "street en": "12 High ", "mr": "Mr ", "call me": "call me ", "carer": "of my ",
    "since en": "since 10:00 ",
    "zh road": "中山路", "zh room": "3栋2单元", "zh name": "联系人", "zh date": "11月20日", "zh phone": "电话138",
    "organisation": "ООО «", "spelled": "восемь девятьсот ", "translit": "kirova 5 kv ", "handle": "telegram @",
}  # fmt: skip
_LANGUAGES = {
    "zh": ("zh", "han"),
    "it": ("via", "interno", "sono"),
    "en": ("street en", "mr", "call", "carer", "flat 3", "since en"),
}


def language_of_piece(name: str) -> str:
    """Give the language whose finders look for the piece."""
    return next((language for language, starts in _LANGUAGES.items() if name.startswith(starts)), "ru")


def _texts() -> Iterator[tuple[str, str]]:
    for name, piece in PIECES.items():
        yield name, piece
        yield f"{name}, between words", f"{piece}слово "


def _seconds(work: Callable[[], object]) -> float:
    before = thread_time()
    work()
    return thread_time() - before


def _all(text: str, language: str) -> Callable[[], object]:
    told, circumstances = reading(text), context(language)
    found = report(text, language=language)

    def work() -> None:
        find(told, circumstances)
        order_of(told, language)
        facts(found, _KNOWLEDGE.phrases)

    return work


@pytest.mark.parametrize(("name", "piece"), list(_texts()), ids=[name for name, _ in _texts()])
def test_work_grows_no_faster_than_the_text(name: str, piece: str) -> None:
    language = language_of_piece(name)
    short, long = (_all((piece * (size // len(piece) + 1))[:size], language) for size in (_SHORT, _LONG))
    short()  # dictionaries are loaded and compiled once

    for _ in range(_TRIES):
        before, after = _seconds(short), _seconds(long)
        if after < _GROWTH * max(before, _TINY / 10):
            return
    pytest.fail(f"{name}: {before:.4f} s for {_SHORT} characters, {after:.4f} s for {_LONG}")


def test_nothing_is_looked_for_behind_the_longest_text() -> None:
    text = f"{' ' * LONGEST}ул. Мира 5, договор 4512"

    assert find(reading(f"Нет связи{text}"), context("ru")).affected.account is None


def test_a_line_of_a_megabyte_is_read() -> None:
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        find(reading("А " * 500_000), context("ru"))
    finally:
        sys.setprofile(None)

    assert calls < 3_000_000


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["ru", "zh", "it", "en"]))
def test_no_text_crashes_a_finder(text: str, language: str) -> None:
    made = record(reading(text), context(language))

    assert all(0 < told.confidence <= 1 for told in made.evidence.values())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*PIECES.values(), "Ольга", "Верди", "Smith", "刘", "12", "3-4", ",", ". "]), max_size=25),
    st.sampled_from(["ru", "zh", "it", "en"]),
)
def test_no_heap_of_cues_crashes_a_finder(pieces: list[str], language: str) -> None:
    record(reading("".join(pieces)), context(language))
