"""Phrases that carry a meaning, in four languages, and the search for them; see words/README.md for their notation."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from classifier.tokens import BREAK, tokens

#: Words that turn the next word into its opposite.
NEGATORS = frozenset(
    (
        *("не", "ни", "без", "нет", "нету", "no", "not", "non", "without", "never", "senza"),
        *("nessun", "nessuna", "nessuno", "isnt", "arent", "wasnt", "doesnt", "dont", "didnt", "cant", "wont"),
        *("havent", "hasnt", "没", "不", "无", "未", "非", "别"),
    )
)
#: Words that may stand between a negator and what it negates.
LIGHT = frozenset(
    (
        *("был", "была", "было", "были", "еще", "пока", "вижу", "видно", "никакого", "никакой", "никаких", "особо"),
        *("сильно", "a", "an", "the", "any", "yet", "been", "there", "have", "è", "ho", "stato", "più", "un", "una"),
        *("有", "是", "再", "出", "见", "到"),
    )
)
#: "интернета нет горит …": here the word before owns the "нет", not the word after.
_OWNERS = ("интернет", "инет", "связ", "сигнал", "гудк", "сет", "изображ", "телевид", "телефон", "тв", "доступ", "свет")
_NO = ("нет", "нету")
_HAN = re.compile("[\u3400-\u9fff]")
_KEY = 3  # leading letters by which a phrase is looked up


class _Item(Struct, frozen=True, gc=False):
    """One place of a phrase: the words or beginnings of words that fit, after at most `gap` others."""

    words: frozenset[str]
    beginnings: tuple[str, ...]
    gap: int
    digits: bool

    def fits(self, token: str) -> bool:
        return token in self.words or token.startswith(self.beginnings) or (self.digits and token.isdigit())


class _Phrase(Struct, frozen=True, gc=False):
    meaning: str
    items: tuple[_Item, ...]
    negatable: bool  # "не работает" is not turned by what stands before it
    affirmed: bool  # must not be followed by a negator


class Phrasebook:
    """All phrases of all languages, by their first word."""

    def __init__(self, phrases: Iterator[_Phrase]) -> None:
        self._by_word: dict[str, list[_Phrase]] = {}
        self._by_beginning: dict[str, list[_Phrase]] = {}
        self.meanings: set[str] = set()
        for phrase in phrases:
            self.meanings.add(phrase.meaning)
            first = phrase.items[0]
            for word in first.words:
                self._by_word.setdefault(word, []).append(phrase)
            beginnings = (*first.beginnings, *("0123456789" if first.digits else ""))
            for key in {beginning[:_KEY] for beginning in beginnings}:
                self._by_beginning.setdefault(key, []).append(phrase)

    @classmethod
    def load(cls, folder: Path) -> "Phrasebook":
        """Read every language's file in the folder. Raises ValueError for a phrase that is not in the notation."""
        files = sorted(folder.glob("*.toml"))
        return cls(phrase for file in files for phrase in _phrases(msgspec.toml.decode(file.read_bytes())))

    def meanings_in(self, words: list[str]) -> set[str]:
        """Tell which meanings a text has, given as tokens."""
        found: set[str] = set()
        for at, word in enumerate(words):
            for phrase in self._starting_with(word):
                if phrase.meaning not in found and _says(words, at, phrase):
                    found.add(phrase.meaning)
        return found

    def _starting_with(self, word: str) -> Iterator[_Phrase]:
        yield from self._by_word.get(word, ())
        for length in range(1, min(len(word), _KEY) + 1):
            yield from self._by_beginning.get(word[:length], ())


def _says(words: list[str], at: int, phrase: _Phrase) -> bool:
    end = _end(words, at, phrase.items)
    if end is None:
        return False
    if phrase.affirmed and end < len(words) and words[end] in NEGATORS:
        return False
    return not (phrase.negatable and _negated(words, at))


def _end(words: list[str], at: int, items: tuple[_Item, ...]) -> int | None:
    """Give the place after the phrase that starts here; a gap never jumps over a negator or the end of a clause."""
    if not items:
        return at
    for here in range(at, min(at + items[0].gap + 1, len(words))):
        if items[0].fits(words[here]):
            end = _end(words, here + 1, items[1:])
            if end is not None:
                return end
        if words[here] == BREAK or words[here] in NEGATORS:
            return None
    return None


def _negated(words: list[str], at: int) -> bool:
    before = at - 1
    if before >= 1 and words[before] in LIGHT:
        before -= 1
    if before < 0 or words[before] not in NEGATORS:
        return False
    owned = words[before] in _NO and before >= 1 and words[before - 1].startswith(_OWNERS)
    return not owned


def _phrases(book: Mapping[str, Any]) -> Iterator[_Phrase]:
    lists = {f"<{name}>": "|".join(words) for name, words in book.get("lists", {}).items()}
    for meaning, texts in book["meanings"].items():
        for text in texts:
            for name, words in lists.items():
                text = text.replace(name, words)  # noqa: PLW2901 - the text with its lists written out
            if "<" in text:
                raise ValueError(f"{meaning}: {text!r} names a list that is not there")
            yield from _readings(meaning, text)


def _readings(meaning: str, text: str) -> Iterator[_Phrase]:
    """Chinese is written without blanks: its choices are several characters each, so they become several phrases."""
    affirmed, always = text.endswith("^"), text.startswith("!")
    places = text.strip("!^").split()
    choices = [place.split("|") if _HAN.search(place) else [place] for place in places]
    for chosen in product(*choices):
        items = tuple(_items(chosen))
        if not items or any("" in item.words or "" in item.beginnings for item in items):
            raise ValueError(f"{meaning}: {text!r} is no phrase")
        negatable = not always and not any(NEGATORS & item.words for item in items)
        yield _Phrase(meaning, items, negatable, affirmed)


def _items(places: Iterable[str]) -> Iterator[_Item]:
    gap = 0
    for place in places:
        if place.startswith("~"):
            gap = int(place[1:])
            continue
        for words in _words(place) if _HAN.search(place) else [place]:
            yield _item(words, gap)
            gap = 0


# The same words and lists stand in many phrases.
@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    plain = text.isalpha() and not _HAN.search(text)  # already a word, and to split it would only take time
    return (text,) if plain else tuple(tokens(text))


@lru_cache(maxsize=4096)
def _item(place: str, gap: int) -> _Item:
    choices = place.split("|")
    words = frozenset("".join(_words(choice)) for choice in choices if choice != "#" and not choice.endswith("*"))
    beginnings = tuple("".join(_words(choice)) for choice in choices if choice.endswith("*"))
    return _Item(words, beginnings, gap, digits="#" in choices)
