"""The fields of whole reports: those of the corpora, and invented ones in other manners."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from normalizer.fields import find
from tests.normalizer.field_scores import Scores, context, reading, value_of

_REPORTS = Path(__file__).parents[2] / "../shared/corpora/reports/reports.jsonl"

#: Reports by invented people, in the batches in which they were written. `now` is Friday 2026-11-20, 14:00 local time.
#: A field that `gold` does not name must stay empty, save service, symptom, urgency and repeated.
_LINES = Path(__file__).with_name("field_variations.jsonl").read_text(encoding="utf-8").splitlines()
_INVENTED: dict[str, list[tuple[str, str, dict[str, object]]]] = {}
for _one in map(json.loads, _LINES):
    _INVENTED.setdefault(_one["batch"], []).append((_one["language"], _one["text"], _one["gold"]))

#: Checked in every report.
_ALWAYS = (
    "reporter.name",
    "reporter.phone",
    "reporter.email",
    "affected.line",
    "affected.account",
    "affected.address.city",
    "affected.address.street",
    "affected.address.house",
    "affected.address.flat",
    "since",
    "reference",
    "external_id",
)
#: Checked where the truth names them.
_WHERE_NAMED = ("service", "symptom", "urgency", "repeated", "affected.equipment")
_PIECES = ("affected.address.building", "affected.address.entrance")

#: What the corpus calls a symptom, in the record's words; several where a clerk may choose.
_SYMPTOMS: dict[str, set[str]] = {
    "no_service": {"no_service"},
    "no_dialtone": {"no_dial_tone"},
    "no_signal": {"no_picture"},
    "noise": {"noise"},
    "crosstalk": {"noise"},
    "error_code": {"equipment", "login"},
    "slow": {"slow"},
    "wifi": {"wifi"},
    "password": {"how_to", "wifi"},
    "howto": {"how_to"},
    "auth": {"login"},
    "cable_cut": {"cable_damage"},
    "picture_freeze": {"picture_quality"},
    "intermittent": {"intermittent"},
    "packet_loss": {"intermittent"},
    "no_outgoing": {"no_service"},
}
_FLOORS = {
    "reporter.name": 0.93,
    "reporter.phone": 0.97,
    "reporter.email": 0.8,
    "affected.line": 0.97,
    "affected.account": 0.95,
    "affected.address.city": 0.85,
    "affected.address.street": 0.92,
    "affected.address.house": 0.92,
    "affected.address.flat": 0.92,
    "affected.equipment": 1.0,
    "since": 0.93,
    "service": 0.98,
    "symptom": 0.95,
    "urgency": 0.95,
    "repeated": 0.95,
    "external_id": 1.0,
}


def _reports() -> list[dict[str, Any]]:
    if not _REPORTS.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("the corpora are missing")
        pytest.skip("the corpora are not here")
    return [json.loads(line) for line in _REPORTS.read_text(encoding="utf-8").splitlines()]


def _truth(gold: dict[str, Any]) -> dict[str, object]:
    truth: dict[str, object] = {**gold, "reference": gold.get("prior_reference")}
    truth["reporter.phone"] = gold["reporter.phones"] or None
    truth["symptom"] = _SYMPTOMS.get(gold["symptom_words"] or "")
    return truth


def test_reports_of_the_corpus() -> None:
    scores = Scores()
    for report in _reports():
        truth = _truth(report["gold"])
        found = find(reading(report["text"]), context(report["language"]))
        scores.hold(report["id"], found, truth, [*_ALWAYS, *(field for field in _WHERE_NAMED if truth.get(field))])
        assert found.language == report["language"], report["id"]
    print(scores.table())  # noqa: T201 the recall of each field, seen with -s

    assert scores.share_wrong() <= 0.01, scores.wrong
    below = {field: scores.recall(field) for field, floor in _FLOORS.items() if scores.recall(field) < floor}
    assert not below


@pytest.mark.parametrize("variations", _INVENTED.values(), ids=_INVENTED.keys())
def test_invented_reports(variations: list[tuple[str, str, dict[str, object]]]) -> None:
    scores = Scores()
    for language, text, truth in variations:
        found = find(reading(text), context(language))
        fields = [*_ALWAYS, *_PIECES, *(field for field in _WHERE_NAMED if field in truth)]
        scores.hold(text[:60], found, truth, fields)
        assert found.language == language, text
    print(scores.table())  # noqa: T201 the recall of each field, seen with -s

    assert scores.share_wrong() <= 0.01, scores.wrong
    assert sum(scores.right.values()) >= 0.97 * sum(scores.told.values())


@pytest.mark.parametrize("variations", _INVENTED.values(), ids=_INVENTED.keys())
def test_every_value_has_its_words(variations: list[tuple[str, str, dict[str, object]]]) -> None:
    for language, text, _ in variations:
        found = find(reading(text), context(language))
        for field in (*_ALWAYS, *_PIECES, "service", "symptom", "affected.equipment"):
            if value_of(found, field):
                evidence = found.evidence[field]
                assert evidence.text in text, field
                assert 0 < evidence.confidence <= 1
