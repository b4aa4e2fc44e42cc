"""Where the value of a label stands: behind it, below it, or in the rows under the head of its column."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice, pairwise
from typing import Final

from normalizer.partners.lines import Line
from normalizer.partners.template import Field, Template, words

_SIGNS: Final = re.compile(r"[\W_]+")
_COLON: Final = re.compile(r"\s?[:：]\s?")
_ROWS: Final = 300  # under one head
_VALUES: Final = 5_000  # of one mail
_BELOW: Final = 40  # values on lines of their own under one label
_NUMBER: Final = re.compile(r"\d")
_LONGEST_ID: Final = 80
_LONGEST_LABEL: Final = 60
_NONE: Final = frozenset({"", "-", "—", "n/a", "na", "none", "нет", "tbd"})

Labels = Mapping[str, Field]


@lru_cache(maxsize=10_000)
def plain(label: str) -> str:
    """Give a label without capitals and signs: "Circuit ID(s):" is "circuit id s"."""
    return " ".join(_SIGNS.sub(" ", label[:200].casefold().replace("ё", "е").replace("№", " № ")).split())


def labels_of(template: Template) -> dict[str, Field]:
    """Give the labels of a template: its own, and the shared ones of fields that it does not mention."""
    shared = {
        plain(label): field
        for field, labels in words().labels.items()
        if field not in template.fields
        for label in labels
    }
    own = {plain(label): field for field, source in template.fields.items() for label in source.labels}
    return shared | own


def values(lines: Sequence[Line], labels: Labels) -> Iterator[tuple[Field, str]]:
    """Give each labelled value, in order; a column gives one for every row."""
    for field, value in islice(_told(lines, labels), _VALUES):
        if value.casefold() not in _NONE:
            yield field, value


def pairs(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """Give what looks like a label with its value: `label: value`, two cells, a head with what stands below it."""
    for cells, following in pairwise([*lines, ()]):
        if len(cells) == 1:
            label, colon, value = cells[0].replace("：", ":").partition(":")
            if colon and value.strip() and _may_be_label(label) and not value.startswith("//"):
                yield label.strip(), value.strip()
        elif len(cells) == 2 and _may_be_label(cells[0]):
            yield cells[0].rstrip(":： "), cells[1]
        elif len(cells) > 2 and all(map(_may_be_label, cells)) and len(following) > 1:
            yield from ((label, value) for label, value in zip(cells, following, strict=False) if value)


def _may_be_label(text: str) -> bool:
    """Tell a few words without figures: what has figures is a value."""
    return 0 < len(text.strip(":： ")) <= _LONGEST_LABEL and len(text.split()) <= 7 and not _NUMBER.search(text)


def _told(lines: Sequence[Line], labels: Labels) -> Iterator[tuple[Field, str]]:
    for place, cells in enumerate(lines):
        named = {column: field for column, cell in enumerate(cells) if (field := labels.get(plain(cell)))}
        if named and len(cells) == 1:
            yield from ((named[0], value) for value in _listed(islice(lines, place + 1, None), labels))
        elif named:
            yield from _in_row(lines, place, named, labels)
        for cell in cells:
            split = _COLON.search(cell)
            if split and (field := labels.get(plain(cell[: split.start()]))):
                yield field, cell[split.end() :].strip()


def _in_row(
    lines: Sequence[Line], place: int, named: Mapping[int, Field], labels: Labels
) -> Iterator[tuple[Field, str]]:
    """Give what belongs to the labels of a row: below each where it heads a table, else behind each."""
    cells, following = lines[place], next(iter(lines[place + 1 : place + 2]), ())
    heads = _is_head(cells, following, labels, min(named))
    rows = list(_body(islice(lines, place + 1, place + 1 + _ROWS), labels))
    for column, field in named.items():
        behind = next((cell for cell in cells[column + 1 :] if cell.strip(":：")), None)
        if heads or behind is None:
            yield from ((field, row[column]) for row in rows if column < len(row))
        else:
            yield field, behind


def _body(below: Iterator[Line], labels: Labels) -> Iterator[Line]:
    """Give the rows under a head, up to what is none: a lone line, another head."""
    for row in below:
        if len(row) < 2 or all(_is_label(cell, labels) for cell in row):
            return
        yield row


def _is_head(cells: Line, following: Line, labels: Labels, column: int) -> bool:
    """Tell the head of a table from a label and its value: its cells are labels, and what stands below has figures."""
    named = [_is_label(cell, labels) for cell in cells]
    if all(named) or (sum(named) > 1 and len(cells) > 2):
        return True
    if any(cell.endswith((":", "：")) for cell in cells):
        return False
    figures = sum(_NUMBER.search(cell) is not None for cell in cells)
    if len(cells) > 2 and figures * 3 <= len(cells) and _NUMBER.search("".join(following[column : column + 1])):
        return True
    below = any(map(_NUMBER.search, following)) and len(following) > 1 and plain(following[0]) not in labels
    return not figures and below and (len(cells) > 2 or _NUMBER.search(following[0]) is not None)


def _is_label(cell: str, labels: Labels) -> bool:
    return plain(cell) in labels or plain(cell) in _columns()


@cache
def _columns() -> frozenset[str]:
    return frozenset(map(plain, words().columns))


def _listed(below: Iterator[Line], labels: Labels) -> Iterator[str]:
    """Give the values on the lines under a label: the first whatever it is, more only where they look like names."""
    for number, row in enumerate(islice(below, _BELOW)):
        told = " ".join(row)
        if told in {"", ":", "："}:
            continue
        if _is_label(_COLON.split(told, 1)[0], labels) or _is_label(told, labels):
            return
        if number and not (_NUMBER.search(told) and len(told) <= _LONGEST_ID and len(told.split()) <= 5):
            return
        yield told
