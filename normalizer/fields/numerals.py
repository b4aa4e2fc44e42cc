"""Numbers told in words: "восемь девятьсот шестьдесят 111 22 33", 一三八零零一三八零零零, "tre quattro sette"."""

import re
from collections.abc import Iterator
from itertools import islice

_RUSSIAN = {
    **dict(zip("ноль один два три четыре пять шесть семь восемь девять".split(), range(10), strict=True)),  # noqa: SIM905 a table reads better as a line
    "нуль": 0,
    "одна": 1,
    "две": 2,
    "семёрка": 7,
    "семерка": 7,
    "восьмёрка": 8,
    "восьмерка": 8,
    "десять": 10,
    "одиннадцать": 11,
    "двенадцать": 12,
    "тринадцать": 13,
    "четырнадцать": 14,
    "пятнадцать": 15,
    "шестнадцать": 16,
    "семнадцать": 17,
    "восемнадцать": 18,
    "девятнадцать": 19,
    "двадцать": 20,
    "тридцать": 30,
    "сорок": 40,
    "пятьдесят": 50,
    "шестьдесят": 60,
    "семьдесят": 70,
    "восемьдесят": 80,
    "девяносто": 90,
    "сто": 100,
    "двести": 200,
    "триста": 300,
    "четыреста": 400,
    "пятьсот": 500,
    "шестьсот": 600,
    "семьсот": 700,
    "восемьсот": 800,
    "девятьсот": 900,
}
_ITALIAN = dict(
    zip(("zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove"), range(10), strict=True)
)
_ENGLISH = dict(
    zip(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), range(10), strict=True)
)
_ENGLISH["oh"] = 0
_WORDS = {"ru": _RUSSIAN, "it": _ITALIAN, "en": _ENGLISH}
_CHINESE = dict(zip("〇一二三四五六七八九零幺两", "0123456789012", strict=True))

_CHINESE_RUN = re.compile(r"[〇一二三四五六七八九零幺\d]{7,16}")
_RUNS = {
    language: re.compile(
        rf"(?<!\w)(?:(?:{'|'.join(words)}|\d{{1,4}})(?:[ ,\-]{{1,3}}|(?!\w))){{4,16}}",
        re.IGNORECASE,
    )
    for language, words in _WORDS.items()
}
_PIECE = re.compile(r"\w+")
_MOST = 10


def spelled(text: str, language: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Give the digits of numbers that are told in words, in whole or in part, with their places."""
    if language == "zh":
        for found in islice(_CHINESE_RUN.finditer(text), _MOST):
            if not found[0].isascii():
                yield "".join(_CHINESE.get(char, char) for char in found[0]), found.span()
        return
    if _WORDS[language].keys().isdisjoint(_PIECE.findall(text.lower())):
        return
    for found in islice(_RUNS[language].finditer(text), _MOST):
        pieces = _PIECE.findall(found[0].lower())
        if any(piece in _WORDS[language] for piece in pieces):
            yield _digits(pieces, _WORDS[language]), found.span()


def _digits(pieces: list[str], words: dict[str, int]) -> str:
    """Join pieces to digits; "девятьсот шестьдесят" is one number, 960."""
    groups: list[int | str] = []
    for piece in pieces:
        value = words.get(piece)
        last = groups[-1] if groups else None
        if value is None:
            groups.append(piece)
        elif isinstance(last, int) and _completes(last, value):
            groups[-1] = last + value
        else:
            groups.append(value)
    return "".join(map(str, groups))


def _completes(last: int, value: int) -> bool:
    """Tell whether a value fills the open places of the one before: 900 and 60, 20 and 5; never 10 and 5."""
    if last >= 100 and last % 100 == 0:
        return 0 < value < 100
    return last >= 20 and last % 10 == 0 and 0 < value < 10


def chinese_digits(text: str) -> str:
    """Give a Chinese number below a hundred, or a row of Chinese digits, in digits: 十二 is 12, 三零一 is 301."""
    if "十" in text:
        tens, _, units = text.partition("十")
        return f"{_CHINESE.get(tens, tens) or '1'}{_CHINESE.get(units, units) or '0'}"
    return "".join(_CHINESE.get(char, char) for char in text)
