"""The text layer of a PDF page as lines in reading order: tables and forms as `label: value` lines."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, Final

from msgspec import Struct
from pdfplumber.page import Page as PlumberPage

from normalizer.paper.text_fields import Filled, filled
from normalizer.readers.clean import clean
from normalizer.readers.office_tables import LABEL, is_heading
from records.reading import Box, Page, Word

_RULED: Final = 4  # lines or boxes from which on there may be a table
_EDGES: Final = 2_000  # more are a drawing
_OF_PRINT: Final = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")
Bounds = tuple[float, float, float, float]  # left, top, right, bottom in points


class Piece(Struct, frozen=True):
    """One word where it stands; `glued`: no space parts it from the one before."""

    text: str
    box: Bounds
    glued: bool = False


Line = list[Piece]


def read(source: PlumberPage, number: int) -> Page | None:
    """Read one page; None where its text can't be trusted: unknown glyphs, letters turned on their side."""
    from normalizer.paper.text_columns import in_reading_order

    pieces = list(_pieces(source))
    if _is_garbage("".join(piece.text for piece in pieces)) or _is_turned(source):
        return None
    pieces = _with_fields(pieces, list(filled(source)))
    blocks: list[tuple[float, list[Line]]] = []
    for table in _tables(source):
        rows = _rows(table, [piece for piece in pieces if _within(piece.box, table.bbox)])
        if rows:
            pieces = [piece for piece in pieces if not _within(piece.box, table.bbox)]
            blocks.append((table.bbox[1], rows))
    lines = _merged(in_reading_order(lines_of(pieces)), blocks)
    text, words = _written(lines, source.cropbox)
    return Page(number=number, confidence=1.0 if words else None, text=clean(text), words=tuple(words))


def lines_of(pieces: Sequence[Piece]) -> list[Line]:
    """Put words that stand at one height on one line."""
    lines: list[Line] = []
    for piece in sorted(pieces, key=lambda each: (each.box[1] + each.box[3]) / 2):
        middle = (piece.box[1] + piece.box[3]) / 2
        if lines and lines[-1][0].box[1] <= middle <= lines[-1][0].box[3]:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [sorted(line, key=lambda each: each.box[0]) for line in lines]


def text_of(line: Sequence[Piece]) -> str:
    """Write one line."""
    return "".join(("" if piece.glued or not place else " ") + piece.text for place, piece in enumerate(line))


def _pieces(source: PlumberPage) -> Iterator[Piece]:
    """Give words; those of scripts without spaces letter by letter."""
    for word in source.extract_words(x_tolerance=2, keep_blank_chars=False, return_chars=True):
        if not word["upright"]:
            continue  # a stamp on the margin
        if any("\u3400" <= letter <= "\u9fff" for letter in word["text"]):
            for place, char in enumerate(word["chars"]):
                yield Piece(_plain(char["text"]), _bounds(char), glued=place > 0)
        else:
            yield Piece(_plain(word["text"]), _bounds(word))


def _plain(text: str) -> str:
    """Write ligatures, and Chinese signs that fonts list twice, as plain letters; № stays what it is."""
    return text if text.isascii() else _OF_PRINT.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def _bounds(item: dict[str, Any]) -> Bounds:
    return item["x0"], item["top"], item["x1"], item["bottom"]


def _is_garbage(text: str) -> bool:
    """Tell text whose font does not say which letters its glyphs are, or says it wrong."""
    strange = text.count("(cid:") * 8
    strange += sum(unicodedata.category(letter) in {"Co", "Cn", "Cc"} or letter == "\ufffd" for letter in text)
    western = sum("\u00c0" <= letter <= "\u00ff" for letter in text)
    letters = sum(letter.isalpha() for letter in text)
    return strange * 10 > len(text) or (letters > 20 and western * 2 > letters)


def _is_turned(source: PlumberPage) -> bool:
    chars = source.chars
    return sum(not char["upright"] for char in chars) * 2 > len(chars)


def _with_fields(printed: Sequence[Piece], entries: Sequence[Filled]) -> list[Piece]:
    """Put what was filled in among what is printed, the field's own label before it where none is printed there."""
    pieces = list(printed)
    for entry in entries:
        beside = [each for each in printed if _beside(each.box, entry.box)]
        nearest = max(beside, key=lambda each: each.box[2], default=None)
        if entry.label and nearest is None:
            pieces.append(Piece(f"{entry.label.rstrip(':')}:", (*entry.box[:2], entry.box[0], entry.box[3])))
        elif entry.label and nearest is not None and not nearest.text.endswith((":", "：")):
            pieces.append(_colon(nearest))
        pieces.append(Piece(entry.text, entry.box))
    return pieces


def _colon(after: Piece) -> Piece:
    _, top, right, bottom = after.box
    return Piece(":", (right, top, right, bottom), glued=True)


def _beside(one: Bounds, other: Bounds) -> bool:
    """Tell whether the one stands on the left of the other, on its line."""
    return one[2] <= other[0] + 2 and min(one[3], other[3]) - max(one[1], other[1]) > 0.5 * (one[3] - one[1])


def _within(box: Bounds, frame: Bounds) -> bool:
    across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return bool(frame[0] <= across <= frame[2] and frame[1] <= down <= frame[3])


def _tables(source: PlumberPage) -> list[Any]:
    ruled = len(source.lines) + len(source.rects)
    if not _RULED <= ruled <= _EDGES or len(source.edges) > 4 * _EDGES:
        return []
    return [table for table in source.find_tables() if len(table.rows) > 1 or len(table.rows[0].cells) > 1]


def _rows(table: Any, pieces: Sequence[Piece]) -> list[Line]:
    """Write a table: two columns are labels and values, more have their labels in the first row."""
    grid = [[_cell(cell, pieces) for cell in row.cells if cell] for row in table.rows]
    grid = [row for row in grid if any(row)]
    filled_in = [[cell for cell in row if cell] for row in grid]
    widest = max(map(len, filled_in), default=0)
    if widest < 2:
        return []
    if widest == 2:
        return [_pair(row) for row in filled_in]
    head, *body = grid
    if not body or not all(head) or not is_heading([text_of(cell) for cell in head]):
        return [_joined(row) for row in filled_in]
    return [line for row in body for line in _named(head, row)]


def _named(head: Sequence[Line], row: Sequence[Line]) -> list[Line]:
    """Write one row of a table whose first row names its columns."""
    if len(row) != len(head):
        return [_joined(row)]
    return [_pair([label, cell]) for label, cell in zip(head, row, strict=True) if cell]


def _cell(frame: Bounds, pieces: Sequence[Piece]) -> Line:
    return _joined(lines_of([each for each in pieces if _within(each.box, frame)]))


def _joined(cells: Sequence[Line]) -> Line:
    return [piece for cell in cells for piece in cell]


def _pair(row: Sequence[Line]) -> Line:
    """Write a label and its value on one line."""
    if len(row) != 2 or len(text_of(row[0])) > LABEL or text_of(row[0]).endswith((":", "：", "?")):
        return _joined(row)
    return [*row[0], _colon(row[0][-1]), *row[1]]


def _merged(lines: list[Line], blocks: list[tuple[float, list[Line]]]) -> list[Line]:
    """Put each table where it stands among the lines."""
    merged = list(lines)
    for top, rows in sorted(blocks, key=lambda block: block[0], reverse=True):
        place = next((at for at, line in enumerate(merged) if line[0].box[1] > top), len(merged))
        merged[place:place] = rows
    return merged


def _written(lines: Sequence[Line], frame: Bounds) -> tuple[str, list[Word]]:
    """Write lines one below another, an empty one where the gap between them is wider than usual."""
    gaps = [below[0].box[1] - line[0].box[3] for line, below in pairwise(lines)]
    usual = median([gap for gap in gaps if gap > 0] or [0])
    text, words = "", list[Word]()
    for place, line in enumerate(lines):
        height = line[0].box[3] - line[0].box[1]
        wide = place and (gaps[place - 1] > max(1.6 * usual, 0.5 * height) or gaps[place - 1] < -2 * height)
        text += ("\n\n" if wide else "\n" if place else "") + text_of(line)
        words += [Word(clean(piece.text), _box(piece.box, frame), 1.0) for piece in line if piece.text != ":"]
    return text, words


def _box(box: Bounds, frame: Bounds) -> Box:
    """Give ten-thousandths of the page as it is shown."""
    left, top, right, bottom = frame
    across, down = max(right - left, 1), max(bottom - top, 1)
    shares = ((box[0] - left) / across, (box[1] - top) / down, (box[2] - left) / across, (box[3] - top) / down)
    first, second, third, fourth = (min(10_000, max(0, round(share * 10_000))) for share in shares)
    return first, second, third, fourth
