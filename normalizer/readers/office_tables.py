"""Tables as text: two columns are labels and values, more have their labels in the first row."""

from collections.abc import Sequence
from typing import Final

LABEL: Final = 60  # characters of the longest label


def table(grid: Sequence[Sequence[str]]) -> str:
    """Write a table; cells are clean lines of text, empty ones count as places."""
    rows = [[" ".join(cell.split()) for cell in row] for row in grid]
    used = [row for row in rows if any(row)]
    filled = [[cell for cell in row if cell] for row in used]
    widest = max(map(len, filled), default=0)
    if widest <= 2:
        return "\n".join(pair(row) for row in filled)
    head, body = used[0], used[1:]
    if body and is_heading([cell for cell in head if cell]) and all(head[: len(body[0])]):
        return "\n\n".join(
            "\n".join(pair([label, cell]) for label, cell in zip(head, row, strict=False) if label and cell)
            for row in body
        )
    return "\n".join(" ".join(row) for row in filled)


def pair(row: Sequence[str]) -> str:
    """Write a label and its value on one line."""
    if len(row) != 2 or len(row[0]) > LABEL or row[0].endswith((":", "：", "?")):
        return " ".join(row)
    return f"{row[0]}: {row[1]}"


def is_heading(cells: Sequence[str]) -> bool:
    """Tell a row of labels: short, and without figures."""
    return len(cells) > 2 and all(len(cell) <= LABEL and not any(map(str.isdigit, cell)) for cell in cells)
