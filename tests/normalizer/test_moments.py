"""Times as partners write them, in any order and language, become UTC."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.partners.moments import Style, days, moments
from normalizer.partners.template import words

STYLE = Style("UTC", words().zones, day_first=True, near=date(2026, 11, 20))


def at(text: str, style: Style = STYLE) -> list[str]:
    return [told.strftime("%Y-%m-%d %H:%M") for told in moments(text, style)]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("22:00 12/10/2020 GMT", ["2020-10-12 22:00"]),
        ("Thu, 20 May 2021 08:00:00 GMT to Thu, 20 May 2021 14:00:00 GMT", ["2021-05-20 08:00", "2021-05-20 14:00"]),
        ("March 31, 2025 14:00 GMT", ["2025-03-31 14:00"]),
        ("20210806T210000Z", ["2021-08-06 21:00"]),
        ("20210806T210000 Europe/Moscow", ["2021-08-06 18:00"]),
        ("22-May-2021 10:00:00(UTC) to 06-Jun-2021 12:00:00(UTC)", ["2021-05-22 10:00", "2021-06-06 12:00"]),
        ("14-Nov-2021 08:01 to 14-Nov-2021 13:00 ( GMT )", ["2021-11-14 08:01", "2021-11-14 13:00"]),
        ("FRIDAY, 02 OCT 10:00 - FRIDAY, 02 OCT 15:00", ["2026-10-02 10:00", "2026-10-02 15:00"]),
        ("12 JAN 10:00", ["2027-01-12 10:00"]),
        ("12.11.2026 с 02:00 до 06:00 МСК", ["2026-11-11 23:00", "2026-11-12 03:00"]),
        ("с 02:00 12.11.2026 до 06:00 13.11.2026 (МСК)", ["2026-11-11 23:00", "2026-11-13 03:00"]),
        ("12 ноября 2026 г. 02:00 – 05:00 (UTC+5)", ["2026-11-11 21:00", "2026-11-12 00:00"]),
        ("12.11.2026 04:00 (МСК+2)", ["2026-11-11 23:00"]),
        ("2026年11月12日 02:00-06:00", ["2026-11-12 02:00", "2026-11-12 06:00"]),
        ("12 novembre 2026 14:30", ["2026-11-12 14:30"]),
        ("2026-11-12T02:00:00+03:00", ["2026-11-11 23:00"]),
        ("2024-01-31 18:00:00+00:00 UTC", ["2024-01-31 18:00"]),
        ("2021-05-20 01:00 MDT", ["2021-05-20 07:00"]),
        ("10:00pm CT 11/13/2022", ["2022-11-14 04:00"]),
        ("12.11.2026 24:00", ["2026-11-13 00:00"]),
        ("at 10:00", []),
        ("31.02.2026 10:00", []),
        ("0000-00-00 00:00 9999-99-99", []),
    ],
)
def test_a_time_is_read(written: str, told: list[str]) -> None:
    assert at(written) == told


def test_what_goes_first_is_the_partner_s_habit() -> None:
    assert at("8/12/2021 2:00:00 am GMT") == ["2021-12-08 02:00"]
    assert at("8/12/2021 2:00:00 am GMT", STYLE._replace(day_first=False)) == ["2021-08-12 02:00"]
    assert at("13/8/2021 2:00", STYLE._replace(day_first=False)) == ["2021-08-13 02:00"]
    assert at("8.12.2021 2:00", STYLE._replace(day_first=False)) == ["2021-12-08 02:00"]


def test_the_29th_of_february_without_a_year_is_the_nearest_one() -> None:
    assert at("29 Feb 10:00 GMT", STYLE._replace(near=date(2028, 3, 2))) == ["2028-02-29 10:00"]
    assert at("29 Feb 10:00 GMT", STYLE._replace(near=date(2027, 3, 2))) == ["2028-02-29 10:00"]


def test_a_time_without_a_zone_is_in_the_partner_s() -> None:
    assert at("12.11.2026 02:00", STYLE._replace(zone="Asia/Yekaterinburg")) == ["2026-11-11 21:00"]


@given(st.text(max_size=200) | st.from_regex(r"([0-9]{1,4}[ :/.T+-]{1,2}|jan |pm |GMT ){1,30}"))
def test_no_text_is_fatal(text: str) -> None:
    assert all(told.tzinfo is UTC for told in moments(text, STYLE))
    assert all(isinstance(day, date) and not isinstance(day, datetime) for day in days(text, STYLE))
