"""Columns of a PDF page: running text in two columns is read one column after the other."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from normalizer.paper.text_layer import Line, text_of

_LINES, _WORDS = 6, 4  # what each of two columns of prose has at least
_CUTS: Final = [share / 20 for share in range(7, 14)]  # of the width of what is written


def in_reading_order(lines: list[Line]) -> list[Line]:
    """Give two columns of prose one after the other, anything else line by line."""
    left = min((line[0].box[0] for line in lines), default=0)
    right = max((line[-1].box[2] for line in lines), default=0)
    for share in _CUTS:
        parted = [_parted(line, left + (right - left) * share) for line in lines]
        both = [halves for halves in parted if halves is not None and all(halves)]
        crossed = sum(halves is None for halves in parted)
        if len(both) >= _LINES and crossed * 4 <= len(both) and _is_prose(both):
            return _in_columns(lines, parted)
    return lines


def _parted(line: Line, cut: float) -> tuple[Line, Line] | None:
    """Part a line in two where nothing stands; None where something does."""
    if any(piece.box[0] < cut < piece.box[2] for piece in line):
        return None
    first = [piece for piece in line if piece.box[2] <= cut]
    second = line[len(first) :]
    height = line[0].box[3] - line[0].box[1]
    return None if first and second and second[0].box[0] - first[-1].box[2] < height else (first, second)


def _is_prose(halves: Sequence[tuple[Line, Line]]) -> bool:
    """Tell running text from labels beside values."""
    return all(median(len(text_of(pair[side]).split()) for pair in halves) >= _WORDS for side in (0, 1))


def _in_columns(lines: Sequence[Line], parted: Sequence[tuple[Line, Line] | None]) -> list[Line]:
    ordered: list[Line] = []
    right: list[Line] = []
    for line, halves in zip(lines, parted, strict=True):
        if halves is None:  # a heading over both
            ordered += [*right, line]
            right = []
        else:
            ordered += [halves[0]] if halves[0] else []
            right += [halves[1]] if halves[1] else []
    return [*ordered, *right]
