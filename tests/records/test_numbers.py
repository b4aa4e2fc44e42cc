"""Record numbers, the two-hour rule."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from records.clock import TWO_HOURS, due_at
from records.numbers import number, quoted_numbers, report_of

AT = datetime(2026, 11, 21, 7, 3, 11, tzinfo=UTC)


def test_a_number_is_the_year_and_the_row() -> None:
    assert number(1187, AT) == "FR-2026-0001187"
    assert number(12_345_678, AT) == "FR-2026-12345678"


@given(st.integers(1, 9_999_999_999), st.integers(2000, 2999))
def test_every_number_leads_back_to_its_row(report: int, year: int) -> None:
    made = number(report, AT.replace(year=year))
    assert report_of(made) == report
    assert quoted_numbers(f"по заявке {made}, звоните") == [made]


def test_a_tired_hand_is_forgiven() -> None:
    for written in ("fr-2026-0001187", "FR 2026 0001187", "Fr–2026—0001187", "FR20260001187", " FR-2026-0001187 "):
        assert report_of(written) == 1187
    for written in ("[FR-2026-0001187]", "№fr2026-0001187.", "(FR‐2026‑0001187)", "单号FR-2026-0001187，"):
        assert quoted_numbers(written) == ["FR-2026-0001187"]


def test_what_only_looks_like_a_number_is_none() -> None:
    for text in (
        "FR-2026-118", "XFR-2026-0001187", "9FR-2026-0001187", "FR-2026-00011870000001", "FR-26-0001187",
        "FR--2026-0001187", "FR-٢٠٢٦-٠٠٠١١٨٧", "",
    ):  # fmt: skip
        assert quoted_numbers(text) == []
        assert report_of(text) is None
    assert report_of("see FR-2026-0001187") is None


def test_quoted_numbers_come_in_order_and_once() -> None:
    text = "fr-2026-0000002, FR-2026-0000001 и снова FR 2026 0000002"
    assert quoted_numbers(text) == ["FR-2026-0000002", "FR-2026-0000001"]


def test_long_hostile_texts_are_looked_through() -> None:
    for text in ("FR-" * 40_000, "1" * 100_000, "FR" + " " * 100_000, "FR-2026-" * 12_000):
        assert quoted_numbers(text) == []


def test_two_hours_count_from_arrival_in_any_zone() -> None:
    assert due_at(AT) == AT + TWO_HOURS == datetime(2026, 11, 21, 9, 3, 11, tzinfo=UTC)
    moscow = AT.astimezone(timezone(timedelta(hours=3)))
    assert due_at(moscow) == due_at(AT)
    assert due_at(AT, timedelta(minutes=30)) - AT == timedelta(minutes=30)
