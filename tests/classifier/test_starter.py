"""The starter set: enough of each language and label, no text twice, nobody's real number."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from classifier.model import LABELS, OTHER, Sample
from classifier.model.training import ENOUGH, train
from classifier.starter import starter
from tests.classifier.labelled import LABELLED

SET = starter()
LANGUAGES = ("ru", "zh", "it", "en")
AT = datetime(2026, 11, 27, tzinfo=UTC)


def of(language: str) -> list[Sample]:
    return [one for one in SET if one.language == language]


def shingles(text: str) -> set[str]:
    """Give every run of five words; Chinese: of eight characters."""
    words = re.findall(r"[一-鿿]|[^\W一-鿿]+", text.casefold())
    length = 8 if re.search(r"[一-鿿]", text) else 5
    return {" ".join(words[place : place + length]) for place in range(len(words) - length + 1)}


def test_there_are_four_languages_and_three_labels() -> None:
    assert {one.language for one in SET} == set(LANGUAGES)
    assert {one.label for one in SET} == set(LABELS)
    assert all(one.text.strip() == one.text and one.text for one in SET)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_enough_of_each_label(language: str) -> None:
    counts = Counter(one.label for one in of(language))
    assert 150 <= sum(counts.values()) < ENOUGH
    assert min(counts["incident"], counts["typical_fix"]) >= 55
    assert counts[OTHER] >= 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_stands_twice_nor_nearly(language: str) -> None:
    texts = [one.text for one in of(language)]
    assert len({re.sub(r"\W", "", text.casefold()) for text in texts}) == len(texts)
    runs = Counter(run for text in texts for run in shingles(text))
    assert sum(count > 1 for count in runs.values()) / len(runs) < 0.01


def test_none_is_a_text_of_the_tests() -> None:
    told = {run for *_, text in LABELLED for run in shingles(text)}
    shared = [run for one in SET for run in shingles(one.text) if run in told]
    assert len(shared) < 0.01 * len(SET)


def test_no_number_is_somebody_s() -> None:
    """Whole international numbers stand in none; British and Italian ones are of ranges that nobody has."""
    for one in SET:
        assert not re.search(r"\+\d{6}|\b8[ (-]?9\d\d|\b1[3-9]\d{9}\b", one.text), one.text
        assert all(number.startswith("01632 960") for number in re.findall(r"\b01\d{3} \d{6}", one.text))
        assert all(number.startswith("055 000") for number in re.findall(r"\b0\d\d \d{6}", one.text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_model_of_it_alone_tells_much_and_decides_nothing(language: str) -> None:
    model, fold = train(of(language), corrections=0, made=AT)
    assert sum(truth == said for truth, said in zip(fold.truth, fold.said, strict=True)) >= 0.7 * len(fold.truth)
    told = [(label, model.predict(text)) for lang, _, label, text in LABELLED if lang == language]
    assert sum(label == one.label for label, one in told) >= 0.75 * len(told)
    assert not any(one.sure for _, one in told)
