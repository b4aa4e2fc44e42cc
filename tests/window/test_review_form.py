"""Two people's changes brought together; a report's clock; text with the places where fields were read."""

from datetime import UTC, datetime, timedelta

import pytest

from desk.fields import FIELDS
from desk.pages.clock import clock
from desk.pages.form import GROUPS, WALK_IN, given, merged
from desk.pages.original import marked
from records.record import Evidence
from records.standing import Standing

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HOURS = timedelta(hours=1)


def standing(settled: timedelta | None = None) -> Standing:
    return Standing(
        report=1, id="FR-2026-0000001", channel="fax", received_at=AT, due_at=AT + 2 * HOURS,
        settled_at=AT + settled if settled is not None else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("gone", "stage", "minutes"),
    [(0, "calm", 120), (59, "calm", 61), (60, "half", 60), (89, "half", 31), (90, "late", 30), (120, "over", 0),
     (150, "over", 30)],
)  # fmt: skip
def test_a_clock_has_stages(gone: int, stage: str, minutes: int) -> None:
    read = clock(standing(), AT + timedelta(minutes=gone))
    assert (read.stage, read.span) == (stage, timedelta(minutes=minutes))


def test_a_clock_that_stopped_says_whether_it_was_in_time() -> None:
    assert clock(standing(HOURS), AT + 9 * HOURS).span == HOURS
    late = clock(standing(3 * HOURS), AT + 9 * HOURS)
    assert (late.stage, late.in_time, late.span) == ("done", False, HOURS)


def test_what_only_one_changed_is_his_and_what_both_changed_is_asked() -> None:
    base = {"a": "1", "b": "1", "c": "1", "d": "1", "e": "1"}
    theirs = base | {"b": "2", "c": "2", "d": "2"}
    mine = base | {"c": "3", "d": "2", "e": "3"}
    both = merged(base, theirs, mine)
    assert both.values == {"a": "1", "b": "2", "c": "3", "d": "2", "e": "3"}
    assert both.clashes == ("c",)


def test_every_field_has_one_place_on_the_form() -> None:
    placed = [name for _, names in GROUPS.values() for name in names]
    assert sorted(placed) == sorted(FIELDS)
    assert set(WALK_IN) <= set(FIELDS)


def test_line_ends_of_browsers_change_nothing() -> None:
    posted = {"description": "one\r\ntwo"}
    assert given(posted.get, ("description",)) == {"description": "one\ntwo"}


def test_text_is_cut_where_fields_were_read() -> None:
    evidence = {
        "phone": Evidence(text="8 917", where="body", confidence=0.9),
        "line": Evidence(text="8 917", where="body", confidence=0.9),
        "name": Evidence(text="Иван  Петров", where="body", confidence=0.9),
        "account": Evidence(text="typed", where="person", confidence=1),
        "gone": Evidence(text="is not there", where="body", confidence=0.9),
    }
    pieces = marked("Я Иван\nПетров, 8 917, typed", evidence)
    assert "".join(piece.text for piece in pieces) == "Я Иван\nПетров, 8 917, typed"
    assert [(piece.text, set(piece.fields)) for piece in pieces if piece.fields] == [
        ("Иван\nПетров", {"name"}), ("8 917", {"phone", "line"}),
    ]  # fmt: skip
