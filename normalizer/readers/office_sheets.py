"""Excel's sheets as text: values as the program that wrote them had computed them."""

import io
from datetime import date, datetime
from itertools import islice

from normalizer.readers.office_tables import table

_SHEETS, _ROWS, _COLUMNS = 10, 2_000, 50


def excel(file: io.BytesIO) -> str:
    """Read an xlsx: every visible sheet's filled cells."""
    return "\n\n".join(map(table, grids(file)))


def grids(file: io.BytesIO) -> list[list[list[str]]]:
    """Give the rows of every visible sheet, as their cells are read."""
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][:_SHEETS]
    return [
        [
            _trimmed([_written(value) for value in row])
            for row in islice(sheet.iter_rows(max_col=_COLUMNS, values_only=True), _ROWS)
        ]
        for sheet in sheets
    ]


def _trimmed(row: list[str]) -> list[str]:
    """Drop the empty cells on the right."""
    while row and not row[-1]:
        row.pop()
    return row


def _written(value: object) -> str:
    """Write a cell as a reader sees it: 79173402218.0 is a telephone number."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%d.%m.%Y %H:%M").removesuffix(" 00:00")
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
