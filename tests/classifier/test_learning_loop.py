"""The loop of clerk and model over a short simulated stream; the figures of a long one stand in docs/learning.md."""

import random

import pytest

from bench.learning_loop import Refit, Step, loop, texts
from classifier import Knowledge
from classifier.model.training import ENOUGH
from classifier.starter import starter

STARTER = sum(one.language == "ru" for one in starter())
Passed = tuple[list[Step], list[Refit]]


@pytest.fixture(scope="module")
def passed(knowledge: Knowledge) -> Passed:
    dice = random.Random(7)
    return loop(texts(900, dice), knowledge, dice, every=150, looked_at=0.2)


def right(said: list[tuple[str, str]]) -> float:
    return sum(truth == told for truth, told in said) / len(said)


def test_no_model_decides_before_it_knows_enough_texts(passed: Passed) -> None:
    steps, refits = passed
    first = next(place for place, one in enumerate(steps) if one.sure)
    assert STARTER + steps[first].corrections >= ENOUGH
    assert all(one.learnt >= ENOUGH for one in refits if one.decides)
    assert all(one.said == one.alone for one in steps[:first]), "until then the rules decide alone"


def test_where_the_model_is_sure_it_is_right(passed: Passed) -> None:
    sure = [(one.label, one.sure) for one in passed[0] if one.sure]
    assert len(sure) > 30
    assert right(sure) >= 0.95


def test_corrections_make_the_machine_better_than_its_rules(passed: Passed) -> None:
    half = passed[0][len(passed[0]) // 2 :]
    said, alone = ([(one.label, what) for one in half if (what := getattr(one, name))] for name in ("said", "alone"))
    assert right(said) >= 0.93
    assert right(said) > right(alone)


def test_each_training_is_judged_and_says_why(passed: Passed) -> None:
    refits = passed[1]
    assert refits[0].promoted
    assert len(refits) >= 2
    assert all(one.reason for one in refits)
