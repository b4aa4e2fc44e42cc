"""When a typical solution is offered, and when it is held back."""

import pytest
from msgspec.structs import replace

from classifier import Knowledge, classify
from classifier.facts import facts, vocabulary
from records.solution import Solution, Text, checked, checked_key
from records.words import Disposition, Service
from tests.classifier.labelled import LABELLED
from tests.classifier.reports import report

FORGOT = "Забыл пароль от вайфая, как его посмотреть?"
TYPICAL = Disposition.TYPICAL_FIX


def with_one(knowledge: Knowledge, key: str, one: Solution, **more: frozenset[tuple[str, str]]) -> Knowledge:
    return knowledge.with_solutions({**knowledge.solutions, key: one}, frozenset(), more.get("doubtful", frozenset()))


def test_what_is_known_may_forbid_the_best_solution(knowledge: Knowledge) -> None:
    shipped = knowledge.solutions["wifi-password"]
    held = with_one(knowledge, "wifi-password", replace(shipped, not_when=frozenset({"wired_too", "wifi_password"})))

    assert classify(report(FORGOT), knowledge).solution == "wifi-password"
    assert classify(report(FORGOT), held).disposition is None  # and not the second best


def test_a_solution_whose_conditions_do_not_hold_is_left_out(knowledge: Knowledge) -> None:
    shipped = knowledge.solutions["wifi-password"]
    bound = with_one(knowledge, "wifi-password", replace(shipped, conditions=frozenset({"service:broadband"})))

    assert classify(report(FORGOT), bound).solution is None
    assert classify(report(FORGOT, service=Service.BROADBAND), bound).solution == "wifi-password"


def test_a_solution_with_conditions_answers_where_a_row_agrees(knowledge: Knowledge) -> None:
    text = {"ru": Text(title="Пароль от вайфая на роутере КТ-5", steps=("Посмотрите на наклейку.",))}
    words = {"ru": ("забыл пароль от вайфая как его посмотреть",) * 3}
    own = Solution(services=frozenset({Service.BROADBAND}), symptoms=frozenset(), words=words, text=text)

    said = frozenset({"wifi_password"})
    assert classify(report(FORGOT), with_one(knowledge, "kt-5", own)).disposition is None
    assert classify(report(FORGOT), with_one(knowledge, "kt-5", replace(own, conditions=said))).solution == "kt-5"


def test_a_closed_solution_is_found_no_more_and_its_text_stays(knowledge: Knowledge) -> None:
    closed = knowledge.with_solutions(knowledge.solutions, frozenset({"wifi-password"}), frozenset())

    assert classify(report(FORGOT), closed).solution != "wifi-password"
    assert closed.steps("wifi-password", "ru") == knowledge.steps("wifi-password", "ru")


def test_a_doubted_text_must_lead_by_far(knowledge: Knowledge) -> None:
    """In the language of the doubt alone."""
    keys, fixes = knowledge.solutions, [text for *_, text in LABELLED]
    doubted = {key: knowledge.with_solutions(keys, frozenset(), frozenset({(key, "ru")})) for key in keys}

    def decided(text: str, language: str) -> tuple[str | None, str | None]:
        sound = classify(report(text, language=language), knowledge).solution
        return sound, classify(report(text, language=language), doubted[sound]).solution if sound else None

    russian = [decided(text, "ru") for text in fixes]
    assert 0 < sum(held == sound for sound, held in russian if sound) < sum(sound is not None for sound, _ in russian)
    assert all(held in (sound, None) for sound, held in russian)
    assert all(held == sound for sound, held in (decided(text, "it") for text in fixes))


def test_the_vocabulary_names_every_fact(knowledge: Knowledge) -> None:
    known = vocabulary(knowledge.phrases)
    for *_, text in LABELLED:
        assert facts(report(text), knowledge.phrases) <= known


def test_what_we_ship_could_be_kept_at_the_desk(knowledge: Knowledge) -> None:
    for key, solution in knowledge.solutions.items():
        assert checked(solution, vocabulary(knowledge.phrases)) == solution
        assert checked_key(key) == key


@pytest.mark.parametrize(
    "text", ["Роутер ещё не перезагружал, но горит красный LOS", "не работает, роутер перезагружал"]
)
def test_restarting_is_not_advised_where_it_can_t_help(knowledge: Knowledge, text: str) -> None:
    assert classify(report(text), knowledge).solution != "restart-router"
