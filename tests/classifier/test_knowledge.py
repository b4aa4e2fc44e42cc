import pytest

from classifier import Knowledge
from records.words import Service
from tests.classifier.queries import QUERIES

LANGUAGES = {"ru", "en", "it", "zh"}


def test_there_are_at_least_forty_solutions_in_four_languages(knowledge: Knowledge) -> None:
    assert len(knowledge.solutions) >= 40
    for solution in knowledge.solutions.values():
        assert set(solution.text) == set(solution.words) == LANGUAGES
        assert solution.services
        assert solution.symptoms


def test_a_text_is_a_title_and_numbered_steps(knowledge: Knowledge) -> None:
    for key in knowledge.solutions:
        for language in LANGUAGES:
            title, empty, *steps = knowledge.text(key, language).splitlines()
            assert title
            assert empty == ""
            assert len(steps) >= 3
            assert [step.split(". ")[0] for step in steps] == [str(number) for number in range(1, len(steps) + 1)]


def test_texts_of_a_language_are_in_that_language(knowledge: Knowledge) -> None:
    for key in knowledge.solutions:
        assert any("а" <= letter <= "я" for letter in knowledge.text(key, "ru"))
        assert any("\u4e00" <= letter <= "\u9fff" for letter in knowledge.text(key, "zh"))
        for language in ("en", "it"):
            assert not any("а" <= letter <= "я" for letter in knowledge.text(key, language))


@pytest.mark.parametrize("language", ["de", "und", None])
def test_another_language_falls_back_to_english(knowledge: Knowledge, language: str | None) -> None:
    assert knowledge.text("wifi-password", language) == knowledge.text("wifi-password", "en")


def test_an_unknown_key_is_an_error(knowledge: Knowledge) -> None:
    with pytest.raises(KeyError):
        knowledge.text("no-such-thing", "ru")


def test_lay_queries_find_their_solution(knowledge: Knowledge) -> None:
    first = third = 0
    for language, service, query, key in QUERIES:
        found = [match.key for match in knowledge.best(query, language, Service(service) if service else None)]
        first += found[:1] == [key]
        third += key in found[:3]

    assert len(QUERIES) >= 55
    assert first / len(QUERIES) >= 0.84
    assert third / len(QUERIES) >= 0.95


def test_every_solution_is_found_by_its_own_title(knowledge: Knowledge) -> None:
    for key, solution in knowledge.solutions.items():
        for language, text in solution.text.items():
            assert key in [match.key for match in knowledge.best(text.title, language, None)[:2]]


def test_matches_come_best_first_and_the_service_counts(knowledge: Knowledge) -> None:
    matches = knowledge.best("нет сигнала", "ru", None)
    mobile = {match.key: match.score for match in knowledge.best("нет сигнала", "ru", Service.MOBILE)}

    assert matches == sorted(matches, key=lambda match: -match.score)
    assert mobile["tv-no-signal"] < next(match.score for match in matches if match.key == "tv-no-signal")


@pytest.mark.parametrize("query", ["", "   ", "ъъъъ", "!?", "\x00", "的"])
def test_a_query_without_known_words_finds_nothing(knowledge: Knowledge, query: str) -> None:
    assert knowledge.best(query, None, None) == []
