"""What people may write into a record, and how it is read."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import Wrong
from desk.fields import FIELDS, Context, changed_fields, corrected, flat, values
from desk.words import FIELDS as LABELS
from records.record import Affected, Classification, FaultRecord, OriginalRef, PostalAddress, Reporter
from records.words import Disposition, Order, Symptom

CONTEXT = Context(region="RU", today=date(2026, 11, 27))
AT = datetime(2026, 11, 27, tzinfo=UTC)
RECORD = FaultRecord(
    id="FR-2026-0000001", order=Order.REPORT, channel="fax", received_at=AT, due_at=AT, language="ru",
    reporter=Reporter(name="Иванов", phone="340-22-18"), description="Нет связи",
    affected=Affected(address=PostalAddress(city="Уфа")), symptom=Symptom.SLOW,
    classification=Classification(disposition=Disposition.TYPICAL_FIX, solution="restart"),
    original=OriginalRef(media_type="image/tiff", size=1, sha256="0" * 64),
)  # fmt: skip


def test_every_field_has_a_label_and_says_what_to_write() -> None:
    assert FIELDS.keys() - {"language"} <= LABELS.keys()
    assert all(field.wrong.endswith(".") for field in FIELDS.values())


@pytest.mark.parametrize(
    ("name", "written", "kept"),
    [
        ("reporter.phone", "8 (917) 340-22-18", "+79173402218"),
        ("reporter.phone", "\u202d+39 02 1234 5678\u202c", "+390212345678"),
        ("reporter.name", " Соколова\u00a0Галина\nПетровна ", "Соколова Галина Петровна"),
        ("reporter.email", " a.b@пример.рф ", "a.b@пример.рф"),
        ("affected.line", "34-02-218", "3402218"),
        ("affected.line", "8 347 234-02-18", "+73472340218"),
        ("description", "a\r\nb\0", "a\nb\N{REPLACEMENT CHARACTER}"),
        ("since", "2026-11-27", "2026-11-27"),
        ("reference", "fr-2026-0000017", "FR-2026-0000017"),
        ("repeated", "on", "true"),
        ("repeated", "", ""),
        ("service", "iptv", "iptv"),
        ("service", "", ""),
        ("language", "zh", "zh"),
    ],
)
def test_what_is_written_is_kept_our_way(name: str, written: str, kept: str) -> None:
    made = corrected(RECORD, {name: written}, CONTEXT)
    assert values(made)[name] == kept
    assert changed_fields(RECORD, made) == ([name] if kept else [])


def test_a_form_that_comes_back_unchanged_changes_nothing() -> None:
    made = corrected(RECORD, values(RECORD), CONTEXT)
    assert made == RECORD  # the number without its area code too, which nobody may write anew


def test_another_decision_takes_the_machine_s_solution_away() -> None:
    made = corrected(RECORD, {"classification.disposition": "incident"}, CONTEXT)
    assert made.classification == Classification(disposition=Disposition.INCIDENT)


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(Wrong) as wrong:
        corrected(RECORD, {"reporter.phone": "1", "since": "2026-11-28", "id": "x", "symptom": "slow"}, CONTEXT)
    assert wrong.value.fields.keys() == {"reporter.phone", "since", "id"}


def test_a_patch_names_fields_by_their_way() -> None:
    assert flat({"reporter": {"name": "a"}, "affected": {"address": {"city": None}}, "order": "report"}) == {
        "reporter.name": "a", "affected.address.city": None, "order": "report",
    }  # fmt: skip
    assert set(flat({"affected": None})) == {name for name in FIELDS if name.startswith("affected.")}


@given(name=st.sampled_from(sorted(FIELDS)), value=st.none() | st.booleans() | st.integers() | st.text(max_size=400))
def test_whatever_is_written_is_kept_or_named(name: str, value: object) -> None:
    try:
        made = corrected(RECORD, {name: value}, CONTEXT)
    except Wrong as wrong:
        assert wrong.fields == {name: FIELDS[name].wrong}  # noqa: PT017 - one of two good ends
    else:
        assert corrected(made, values(made), CONTEXT) == made
