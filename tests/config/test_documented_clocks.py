"""The chapter on clocks is true: every setting and default, and the worked example to the minute."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from config import clocks
from config.settings import Settings
from records.calendar import after
from records.words import Urgency
from tests.config.test_documented import PAGE, assert_defaults, rows

MOSCOW = ZoneInfo("Europe/Moscow")
CHAPTER = PAGE.partition("\n## Clocks and warnings\n")[2].partition("\n## ")[0]
PLACES: list[tuple[str, Any, set[str]]] = [
    ("### `[calendars.NAME]`", clocks.Calendar, set()),
    ("### `[clocks.dispatch]`", clocks.Clock, set()),
    ("### `[clocks.record]`", clocks.Record, set()),
    ("### `[clocks.urgent]`", clocks.Answer, set(clocks.Clock.__struct_fields__)),
    ("### `[warnings]`", clocks.Warnings, set()),
    ("### `[warnings.routes.NAME]`", clocks.Route, set()),
]


@pytest.mark.parametrize(("place", "struct", "elsewhere"), PLACES, ids=[place for place, _, _ in PLACES])
def test_every_setting_of_the_clocks_is_on_the_page_with_its_default(
    place: str, struct: Any, elsewhere: set[str]
) -> None:
    told = rows(place)
    assert told.keys() == set(struct.__struct_fields__) - elsewhere
    assert_defaults(told, struct, elsewhere)


def test_every_clock_has_its_heading_and_the_default_limits_are_told() -> None:
    assert all(f"[clocks.{name}]" in CHAPTER for name in clocks.Clocks.__struct_fields__)
    terms = Settings().promises()
    assert (terms.dispatch.limit, terms.work.limit) == (timedelta(hours=1), timedelta(hours=4))
    hours = {urgency: clock.limit // timedelta(hours=1) for urgency, clock in terms.answers.items()}
    assert hours == {Urgency.URGENT: 24, Urgency.CONTROL: 48, Urgency.NORMAL: 72}
    assert "24 h urgent, 48 h under control, 72 h any other" in CHAPTER


def test_the_worked_example_is_right_to_the_minute() -> None:
    [wiring] = re.findall(r"```toml\n(.*?)```", CHAPTER, re.DOTALL)
    terms = msgspec.toml.decode(wiring, type=Settings).promises()
    friday = datetime(2026, 11, 20, 19, 30, tzinfo=MOSCOW)

    def wall(at: datetime) -> str:
        return at.astimezone(MOSCOW).strftime("%A %-H:%M")

    due = after(terms.record.calendar, friday, timedelta(hours=2))
    rings = [wall(at) for _, at in terms.record.rings(friday, due, provisional=False)]
    assert rings == ["Saturday 8:30", "Saturday 9:00", "Saturday 9:30"]
    normal = terms.answers[Urgency.NORMAL]
    due = normal.due(friday)
    rings = [wall(at) for _, at in normal.rings(friday, due, provisional=True)]
    assert rings == ["Monday 13:30", "Monday 19:30", "Tuesday 12:18", "Tuesday 13:30"]
    assert wall(normal.new_date(due, friday)) == "Wednesday 13:30"
    assert wall(terms.answers[Urgency.URGENT].due(friday)) == "Saturday 19:30"


@pytest.mark.parametrize(
    ("wiring", "remedy"),
    [
        ('[clocks.normal]\nlimit = 60\ncalendar = "offise"', r"clocks\.normal\.calendar: no calendar is named offise"),
        ('[calendars.x]\nhours = {"mom" = ["09:00-18:00"]}', 'name days as "mon"'),
        ('[calendars.x]\nhours = {"mon" = ["18:00-09:00"]}', 'write them as "09:00-18:00"'),
        ('[calendars.x]\nhours = {"mon" = ["09:00-12:00", "11:00-13:00"]}', "write them in order"),
        ('[calendars.x]\nhours = {"mon" = []}', "a calendar needs hours"),
        ('[calendars.x]\nhours = {"mon" = ["09:00-18:00"]}\ndays = {"2.1.27" = []}', 'write it as "2027-02-20"'),
        ('[calendars.x]\nzone = "Europe/Moskau"\nhours = {"mon" = ["09:00-18:00"]}', "no zone is named Europe/Moskau"),
        ("[clocks.work]\nlimit = 60\nwarn_at = [100]", "Expected `int` <= 99"),
    ],
)
def test_a_wrong_wiring_is_told_with_its_remedy(wiring: str, remedy: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=remedy):
        msgspec.toml.decode(wiring, type=Settings)
