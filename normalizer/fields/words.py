"""Patterns of words for closed vocabularies; they meet lower-case text with look-alikes put right."""

import re
from collections.abc import Iterator, Sequence

from normalizer.fields.passages import Candidate, Passage

#: Rows of a table: the value and the words that tell it; the first row that is met wins.
Table = Sequence[tuple[str, re.Pattern[str]]]


def table(rows: Sequence[tuple[str, str]]) -> Table:
    """Compile a table."""
    return [(value, re.compile(pattern)) for value, pattern in rows]


def first(passage: Passage, text: str, field: str, rows: Table, confidence: float) -> Iterator[Candidate]:
    """Give the value of the first row whose words stand in a lower-case text of the passage."""
    for value, pattern in rows:
        found = pattern.search(text)
        if found:
            yield passage.candidate(field, value, found.span(), confidence)
            return
