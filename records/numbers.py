"""A record's number: FR-, the year of arrival, and the report's row, padded to seven digits."""

import re
from datetime import datetime

#: A number as a customer may quote it; the case and the dashes of a tired hand are forgiven.
QUOTED = re.compile(
    r"(?<![0-9A-Za-z])FR[-\u2010-\u2015 ]?(\d{4})[-\u2010-\u2015 ]?(\d{7,10})(?![0-9])", re.IGNORECASE | re.ASCII
)


def number(report: int, received_at: datetime) -> str:
    """Give the public number of a report's row: 1187 in 2026 is FR-2026-0001187."""
    return f"FR-{received_at.year:04d}-{report:07d}"


def report_of(number: str) -> int | None:
    """Give the row behind a public number, None where the text is no number of ours."""
    found = QUOTED.fullmatch(number.strip())
    return int(found[2]) if found else None


def quoted_numbers(text: str) -> list[str]:
    """Find the numbers of ours that a text quotes, in order, written our way. A quoted number proves nothing."""
    return list(dict.fromkeys(f"FR-{found[1]}-{found[2]}" for found in QUOTED.finditer(text)))
