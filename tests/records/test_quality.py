"""The figures by which the machine is judged, counted by hand on a few reports."""

from datetime import date

import pytest
from msgspec.structs import replace

from records.quality import Pair, measure, same, truth_of, value_of
from records.record import Affected, Classification, Evidence, PostalAddress, Reporter
from records.words import Disposition, Order, Urgency
from tests.storage.reports import record

MACHINE = record(
    reporter=Reporter(name="Соколова Галина", phone="+79173402218"), since=date(2026, 11, 18),
    affected=Affected(account="4410-22871", address=PostalAddress(street="Айская", house="64/1")),
    evidence={
        "reporter.name": Evidence(text="", where="body", confidence=0.97),
        "reporter.phone": Evidence(text="", where="body", confidence=0.85),
        "since": Evidence(text="", where="body", confidence=0.85),
    },
    classification=Classification(disposition=Disposition.INCIDENT, confidence=0.9),
)  # fmt: skip
TRUTH = {
    "reporter.name": "Галина Соколова", "reporter.phones": ["+79270000000", "+79173402218"], "since": "2026-11-19",
    "affected.account": "441022871", "affected.address.street": "ул. Айская", "affected.address.flat": "12",
    "reporter.email": None, "repeated": False, "urgency": "normal", "classification.disposition": "incident",
}  # fmt: skip


def pair(**truth: object) -> Pair:
    return Pair(id="one", machine=MACHINE, truth={**TRUTH, **truth})


def test_values_are_counted_and_wrong_ones_shown() -> None:
    found = measure([pair()])
    fields = {one.name: (one.told, one.given, one.right) for one in found.fields}
    assert fields == {
        "reporter.name": (1, 1, 1), "reporter.phone": (1, 1, 1), "affected.account": (1, 1, 1),
        "affected.address.street": (1, 1, 1), "affected.address.flat": (1, 0, 0), "since": (1, 1, 0),
    }  # fmt: skip
    assert (found.values, found.values_wrong) == (5, 1)
    assert [(one.field, one.value, one.expected) for one in found.wrong] == [("since", "2026-11-18", "2026-11-19")]


def test_a_value_where_there_must_be_none_is_wrong_and_an_unnamed_field_is_not_judged() -> None:
    found = measure([pair(**{"affected.address.house": None})])
    house = next(one for one in found.fields if one.name == "affected.address.house")
    assert (house.told, house.given, house.right, house.recall, house.precision) == (0, 1, 0, None, 0.0)
    assert "affected.address.house" not in {one.name for one in measure([pair()]).fields}


def test_confidences_are_held_against_what_came_true() -> None:
    low, high = measure([pair()]).calibration
    assert (low.low, low.given, low.right) == (0.8, 2, 1)
    assert low.confidence == pytest.approx(0.85)
    assert (high.low, high.high, high.given, high.right) == (0.95, 1.0, 1, 1)


def classed(truth: str | None, said: Disposition | None, confidence: float) -> Pair:
    machine = replace(MACHINE, classification=Classification(disposition=said, confidence=confidence))
    return Pair(id="x", machine=machine, truth={"classification.disposition": truth})


def test_classes_are_counted_with_the_bad_error_and_the_coverage() -> None:
    fix, incident = Disposition.TYPICAL_FIX, Disposition.INCIDENT
    found = measure([
        *(classed("incident", incident, 0.99) for _ in range(18)), classed("incident", fix, 0.6),
        classed(None, incident, 0.5), classed("typical_fix", None, 0.0),
    ]).classes  # fmt: skip
    assert (found.judged, found.decided, found.decided_right) == (21, 20, 18)
    assert (found.incidents, found.incidents_as_fixes) == (19, 1)
    assert {(one.truth, one.said): one.count for one in found.confusions} == {
        ("incident", "typical_fix"): 1, ("other", "incident"): 1,
    }  # fmt: skip
    assert found.coverage["95%"] == pytest.approx(18 / 21, abs=0.05)
    assert found.coverage["99%"] == pytest.approx(18 / 21)


def test_nothing_is_measured_of_nothing() -> None:
    found = measure([])
    assert (found.reports, found.values, found.classes.judged) == (0, 0, 0)


def test_what_is_usual_counts_as_empty() -> None:
    assert value_of(MACHINE, "urgency") is None
    assert value_of(replace(MACHINE, urgency=Urgency.URGENT), "urgency") == "urgent"
    assert value_of(replace(MACHINE, order=Order.WITHDRAWAL), "order") == "withdrawal"


def test_a_person_s_record_is_a_truth() -> None:
    found = measure([Pair(id="x", machine=MACHINE, truth=truth_of(MACHINE))])
    assert found.values_wrong == 0
    assert (found.classes.decided_right, found.classes.judged) == (1, 1)


@pytest.mark.parametrize(
    ("field", "value", "expected", "right"),
    [
        ("affected.address.house", "5 А", "5а", True), ("affected.line", "+78412523418", "52-34-18", True),
        ("affected.address.street", "проспект Победы", "Победы", True),
        ("reporter.email", "A@b.example", "a@B.example", True),
        ("reporter.name", "Пётр Иванов", "Иванов Петр", True), ("reporter.name", "Пётр", "Иванов Петр", False),
        ("since", "2026-11-18", None, False), ("affected.account", "12", "123", False),
    ],
)  # fmt: skip
def test_spelling_does_not_matter_but_values_do(field: str, value: str, expected: object, right: bool) -> None:  # noqa: FBT001
    assert same(field, value, expected) is right
