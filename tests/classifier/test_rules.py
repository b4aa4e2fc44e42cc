from collections import Counter

import pytest

from classifier import Knowledge, classify
from classifier.rules import GROUPS, RULES, Outcome
from records.record import FaultRecord
from records.words import Service
from tests.classifier.examples import ABROAD, EXAMPLES
from tests.classifier.reports import report

NAMES = [rule.name for rule in RULES]


def test_every_rule_has_a_hit_and_a_near_miss() -> None:
    assert list(EXAMPLES) == NAMES


@pytest.mark.parametrize(("name", "hit", "miss"), [(name, *pair) for name, pair in EXAMPLES.items()])
def test_a_rule_applies_to_its_example_and_not_to_the_near_miss(
    name: str, hit: FaultRecord, miss: FaultRecord, knowledge: Knowledge
) -> None:
    assert name in classify(hit, knowledge).rule_hits
    assert name in classify(miss, knowledge).rule_misses


@pytest.mark.parametrize(("name", "language", "hit", "miss"), ABROAD)
def test_a_rule_knows_the_other_languages(name: str, language: str, hit: str, miss: str, knowledge: Knowledge) -> None:
    assert name in classify(report(hit, language=language), knowledge).rule_hits
    assert name in classify(report(miss, language=language), knowledge).rule_misses


def test_names_are_unique() -> None:
    assert Counter(NAMES).most_common(1)[0][1] == 1


def test_every_solution_and_every_explained_rule_exists(knowledge: Knowledge) -> None:
    solutions = {key for rule in RULES for key in rule.solutions}
    explained = {name for rule in RULES for name in rule.explains}

    assert solutions == set(knowledge.solutions)
    assert explained <= {rule.name for rule in RULES if rule.outcome is Outcome.INCIDENT}


def test_rules_speak_only_of_meanings_that_have_words_and_all_words_are_used(knowledge: Knowledge) -> None:
    facts = {fact for rule in RULES for fact in (*rule.any, *rule.all, *rule.none) if ":" not in fact}

    assert facts == knowledge.phrases.meanings


def test_only_rules_for_a_typical_fix_name_solutions() -> None:
    assert all(bool(rule.solutions) == (rule.outcome is Outcome.TYPICAL) for rule in RULES)


def test_every_service_has_engineers() -> None:
    assert set(GROUPS) == {*Service, None}
