"""What a Russian word can be, by pymorphy3. The dictionary is loaded at the first Russian word, and only then."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

_VOWELS = {"а": "о", "о": "а", "е": "и", "и": "е"}
_LONGEST_WORD = 40


@cache
def _analyzer() -> Any:
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()


@lru_cache(maxsize=8192)
def parses(word: str) -> "tuple[Parse, ...]":
    """Give what a word can be, the likeliest first."""
    lower = word[:_LONGEST_WORD].lower()
    spellings = dict.fromkeys((lower, lower.replace("ё", "е")))  # the dictionary has few surnames with ё
    return tuple(parse for spelling in spellings for parse in _analyzer().parse(spelling))


@lru_cache(maxsize=8192)
def is_known(word: str) -> bool:
    """Tell whether the dictionary has the word."""
    return bool(_analyzer().word_is_known(word[:_LONGEST_WORD].lower()))


def can_be(word: str, *grammemes: str) -> "Parse | None":
    """Give the first parse that has all the grammemes, None where there is none."""
    wanted = set(grammemes)
    return next((parse for parse in parses(word) if wanted in parse.tag), None)


@lru_cache(maxsize=8192)
def roles(word: str) -> frozenset[str]:
    """Say which parts of a name a word can be (Surn, Name, Patr), and whether that is likeliest (first:Surn)."""
    tags = [parse.tag for parse in parses(word)]
    every = {role for role in ("Surn", "Name", "Patr") for tag in tags if role in tag}
    return frozenset(every | {f"first:{role}" for role in ("Surn", "Name") if role in tags[0]})


def respelled(word: str) -> str:
    """Put one unstressed vowel right where that alone makes an unknown name a known one: лодожская to ладожская."""
    if len(word) < 5 or is_known(word):
        return word
    lower = word.lower()
    others = {
        f"{lower[:place]}{_VOWELS[char]}{lower[place + 1 :]}"
        for place, char in enumerate(lower[:-2])
        if char in _VOWELS
    }
    known = [other for other in others if is_known(other) and (can_be(other, "Surn") or can_be(other, "ADJF"))]
    return _cased_like(known[0], word) if len(known) == 1 else word


def _cased_like(word: str, pattern: str) -> str:
    return word.capitalize() if pattern[0].isupper() else word


def capitalised(words: str) -> str:
    """Write each word of a name with a capital; small words and numerals stay."""
    return re.sub(r"[А-Яа-яЁё]+", lambda found: _capital(found[0]), words)


def _capital(word: str) -> str:
    return (
        word.lower()
        if word.lower() in {"лет", "летия", "и", "й", "я", "го", "ая", "ый", "ой"}
        else word[0].upper() + word[1:].lower()
    )
