"""Whole reports with every field, class and order that a careful clerk would take: six batches by invented people, and
three of lines about earlier reports, of which only the order is judged.

Each batch was written before the machine had read any of it; how well it did then is in docs/learning.md. Now they hold
what was mended. `faultgate evaluate` reads the same file.
"""

import json
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from classifier import Knowledge, classify
from normalizer.record import record
from records.quality import Pair, Quality, measure
from records.record import classified
from tests.normalizer.field_scores import context, reading

_LINES = Path(__file__).with_name("whole_reports.jsonl").read_text(encoding="utf-8").splitlines()
_BATCHES = {name: tuple(rows) for name, rows in groupby(map(json.loads, _LINES), key=lambda row: row["batch"])}
#: The least recall over all batches.
_FLOORS = {
    "reporter.name": 0.94,
    "reporter.phone": 0.98,
    "affected.account": 0.97,
    "affected.line": 0.9,
    "affected.address.street": 0.95,
    "affected.address.house": 0.95,
    "affected.address.flat": 0.95,
    "since": 0.94,
    "service": 0.95,
    "symptom": 0.95,
    "repeated": 0.95,
}


@cache
def _pairs(batch: str) -> tuple[Pair, ...]:
    knowledge = Knowledge.load()
    pairs = []
    for number, row in enumerate(_BATCHES[batch], 1):
        made = record(reading(row["text"]), context(row["language"], region=row["region"]))
        machine = classified(made, classify(made, knowledge))
        pairs.append(Pair(id=f"{batch} {number}", machine=machine, truth=row["gold"]))
    return tuple(pairs)


def _all() -> Quality:
    return measure([pair for batch in _BATCHES for pair in _pairs(batch)])


@pytest.mark.parametrize("batch", [name for name in _BATCHES if "orders" not in name])
def test_hardly_a_value_is_wrong(batch: str) -> None:
    quality = measure(_pairs(batch))

    assert quality.values_wrong <= 0.01 * quality.values, quality.wrong


@pytest.mark.parametrize("batch", [name for name in _BATCHES if "orders" not in name])
def test_decided_classes_are_right(batch: str) -> None:
    classes = measure(_pairs(batch)).classes

    assert classes.incidents_as_fixes == 0
    assert classes.decided_right >= 0.95 * classes.decided, classes.confusions


def test_orders_are_told() -> None:
    pairs = [pair for batch in _BATCHES for pair in _pairs(batch) if "order" in pair.truth]
    missed = [pair.id for pair in pairs if pair.machine.order.value != pair.truth["order"]]

    assert len(missed) <= 0.03 * len(pairs), missed


def test_much_is_found() -> None:
    recall = {field.name: field.recall for field in _all().fields}

    assert not {name: recall[name] for name, floor in _FLOORS.items() if (recall[name] or 0) < floor}


def test_what_is_given_as_sure_is_right() -> None:
    sure = [bucket for bucket in _all().calibration if bucket.low >= 0.95]

    assert sum(bucket.right for bucket in sure) >= 0.95 * sum(bucket.given for bucket in sure)
