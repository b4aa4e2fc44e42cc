"""Every text of the pages is said in Russian, Italian and Chinese, with the same placeholders."""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from desk.fields import FIELDS
from desk.translation import LANGUAGES, LOCALE, Speech
from desk.words import FIELDS as NAMES
from desk.words import WORDS

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "Unfit": None}
PLACEHOLDER = re.compile(r"%\(\w+\)0?\d*[sd]|%(?!\()")
Message = str | tuple[str, ...]


def sources() -> dict[Message, str]:
    """Extract what the sources and templates say."""
    with (LOCALE / "babel.cfg").open(encoding="utf-8") as file:
        method, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(str(ROOT), method, options, KEYWORDS)
    return {message: f"{file}:{line}" for file, line, message, *_ in found}


def catalogue(language: str) -> Catalog:
    with (LOCALE / f"{language}.po").open("rb") as file:
        return read_po(file, locale={"zh": "zh_Hans_CN"}.get(language, language))


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_text_is_translated_with_its_placeholders(language: str) -> None:
    said, texts = catalogue(language), sources()
    assert len(texts) > 400
    for message, place in texts.items():
        found = said.get(message)
        assert found is not None, f"{place}: {message!r} is not in {language}.po"
        assert not found.fuzzy, message
        forms = [found.string] if isinstance(found.string, str) else list(found.string or [""])
        assert all(form.strip() for form in forms), f"{place}: {message!r} is empty in {language}.po"
        wanted = set(PLACEHOLDER.findall(message[-1] if isinstance(message, tuple) else message))
        assert all(set(PLACEHOLDER.findall(form)) <= wanted for form in forms), message
        assert set(PLACEHOLDER.findall(forms[-1])) == wanted, message
    assert {one.id for one in said if one.id} <= set(texts), "what nobody says any more"


def test_every_word_of_the_vocabularies_has_a_name() -> None:
    for vocabulary, words in WORDS.items():
        assert set(words) == set(vocabulary), vocabulary
    assert set(FIELDS) <= set(NAMES)
    choices = {field.choices for field in FIELDS.values() if field.choices}
    assert all(issubclass(one, StrEnum) and one in WORDS for one in choices)


def test_moments_stand_in_the_desk_s_zone_and_the_reader_s_language() -> None:
    at, now = datetime(2026, 11, 20, 22, 5, tzinfo=UTC), datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    russian, chinese = Speech("ru", "Europe/Moscow"), Speech("zh", "Asia/Shanghai")
    assert russian.short(at, now) == "01:05"
    assert russian.short(at, now + timedelta(days=3)) == "21 нояб. 01:05"
    assert chinese.short(at, now + timedelta(days=3)) == "11月21日 06:05"
    assert russian.moment(at).startswith("21 ноября 2026")
    assert russian.span(timedelta(minutes=-65)) == "1 ч 05 мин"
    assert Speech("en", "Europe/Moscow").span(timedelta(days=2, hours=3)) == "2 d 3 h"


@pytest.mark.parametrize(("number", "text"), [(1, "1 изменение"), (3, "3 изменения"), (11, "11 изменений")])
def test_numbers_have_their_forms(number: int, text: str) -> None:
    said = Speech("ru", "Europe/Moscow").ngettext("%(number)d change", "%(number)d changes", number)
    assert said == text
