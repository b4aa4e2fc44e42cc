"""What the model sees of a text: parts of words and stems, the same when it learns and when it is asked."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from classifier.stems import Stems
from classifier.tokens import BREAK, tokens

LONGEST = 3000  # characters of a text; what is wrong stands at its beginning
_NAMED = 100  # words that may be named as what spoke for a label
_DIGITS = re.compile(r"\d+")
_PLAIN = Stems({}, ())  # no synonyms and no stop words: the model learns what matters


class Sample(Struct, frozen=True, kw_only=True):
    """One labelled text."""

    text: str
    label: str  # of LABELS
    language: str


def features(text: str, language: str) -> Counter[str]:
    """Count the features of a text: parts of 2 to 5 letters within words and stems alone and in pairs.

    Chinese has no words to cut: parts of 1 to 3 characters. Digits tell only that there are some.
    """
    plain = [_DIGITS.sub("0", word) for word in tokens(text[:LONGEST]) if word != BREAK]
    if language == "zh":
        joined = "".join(plain)
        return Counter(f"z{part}" for part in _parts(joined, 1, 3))
    found = Counter(f"c{part}" for word in plain for part in _parts(f" {word} ", 2, 5))
    stems = _PLAIN.of(text[:LONGEST], language)
    found.update(f"s{stem}" for stem in stems)
    found.update(f"p{one} {next_}" for one, next_ in pairwise(stems))
    return found


def words(text: str, language: str) -> list[str]:
    """Give the words of a text's beginning, each once and none with a digit; Chinese: pairs of characters."""
    found = [word for word in tokens(text[:LONGEST]) if word == BREAK or not _DIGITS.search(word)]
    if language == "zh":
        found = [one + next_ for one, next_ in pairwise(found) if BREAK not in (one, next_)]
    return [word for word in dict.fromkeys(found) if word != BREAK][:_NAMED]


def _parts(word: str, shortest: int, longest: int) -> Iterator[str]:
    for length in range(shortest, longest + 1):
        for start in range(len(word) - length + 1):
            yield word[start : start + length]
