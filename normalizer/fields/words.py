"""Patterns of words for closed vocabularies; they meet lower-case text with look-alikes put right."""

import re
from collections.abc import Iterator, Sequence

from normalizer.fields.passages import Candidate, Passage

_SCRIPTS = {
    "cyrillic": re.compile(r"[а-яё]{2}"),
    "han": re.compile(r"[\u3400-\u9fff]"),
    "latin": re.compile(r"[a-z]{2}"),
}
_LETTERS = {"cyrillic": re.compile(r"[а-яё]"), "han": re.compile(r"[\u3400-\u9fff]"), "latin": re.compile(r"[a-z]")}
_Row = tuple[str, dict[str, re.Pattern[str]]]


def table(rows: Sequence[tuple[str, str]]) -> list[_Row]:
    """Compile rows of a value and its words, parted by script: a Russian text is asked for no Chinese words."""
    return [(value, _by_script(pattern)) for value, pattern in rows]


def first(passage: Passage, text: str, field: str, rows: Sequence[_Row], confidence: float) -> Iterator[Candidate]:
    """Give the value of the first row whose words stand in a lower-case text of the passage."""
    scripts = [script for script, letters in _SCRIPTS.items() if letters.search(text)]
    for value, patterns in rows:
        for script in scripts:
            found = patterns[script].search(text) if script in patterns else None
            if found:
                yield passage.candidate(field, value, found.span(), confidence)
                return


def _by_script(pattern: str) -> dict[str, re.Pattern[str]]:
    parted: dict[str, list[str]] = {}
    for words in _alternatives(pattern):
        letters = re.sub(r"\\.", "", words)  # without \w and the like
        for script in [script for script, its in _LETTERS.items() if its.search(letters)] or list(_LETTERS):
            parted.setdefault(script, []).append(words)
    return {script: re.compile("|".join(words)) for script, words in parted.items()}


def _alternatives(pattern: str) -> Iterator[str]:
    """Split a pattern at the bars that stand in no bracket."""
    depth, start = 0, 0
    for place, char in enumerate(pattern):
        depth += (char in "([") - (char in ")]")
        if char == "|" and not depth:
            yield pattern[start:place]
            start = place + 1
    yield pattern[start:]
