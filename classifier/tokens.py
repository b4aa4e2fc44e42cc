"""Text to words: lower case, look-alikes repaired, one Han character a word, clause ends marked."""

import re
import unicodedata

#: The end of a clause; no phrase and no negation reaches over it.
BREAK = "|"

#: Characters looked at: the start and the end of a text tell what the trouble is; the middle of a huge one does not.
HEAD, TAIL = 6000, 2000

_LONGEST = 40  # letters of one word
_HAN = "\u3400-\u9fff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+(?:['-][^\W_{_HAN}]+)*|[.,;:!?()。、…]|\n\s*\n")
_INITIALS = re.compile(r"(?<![^\W_])([^\W\d_])\.([^\W\d_])\.([^\W\d_])(?![^\W_])")  # s.r.l. is one word
_WIFI = re.compile(r"wi[ -]?fi|вай[ -]?фа[йяюе]\w{0,3}|ви[ -]?фи")  # written in many ways
_APOSTROPHES = str.maketrans("’ʼ`", "'''")
_CYRILLIC = re.compile("[а-яё]")
_MIXED = re.compile("(?=.*[а-яё])(?=.*[a-z0-9])", re.DOTALL)
_ALIKE = {"a": "а", "b": "в", "c": "с", "e": "е", "h": "н", "k": "к", "m": "м", "n": "п", "o": "о", "p": "р"}
_ALIKE |= {"r": "г", "t": "т", "u": "и", "x": "х", "y": "у"}  # Latin letters and the Russian ones they are taken for
_TO_RUSSIAN = str.maketrans(_ALIKE)
_ZERO_IN_WORD = re.compile("(?<=[a-z])0(?=[a-z])")
_DIGIT_IN_WORD = re.compile("(?<=[а-яё])[03](?=[а-яё])|^0(?=[а-яё])")
_LATIN_HOMOGRAPHS = {"he": "не", "het": "нет"}  # Latin letters alone that stand for a Russian word
_SEPARABLE = ("тв-", "tv-", "интернет-", "wifi-", "смарт-", "smart-", "iptv-", "adsl-")  # "тв-приставка" is two words
_CONTRACTED = frozenset({"t", "s", "m", "re", "ve", "ll", "d"})


def tokens(text: str) -> list[str]:
    """Split text into lower-case words and BREAKs; at most HEAD + TAIL characters of it are looked at."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]} . {text[-TAIL:]}"
    text = _WIFI.sub("wifi", unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).lower())
    russian = 2 * len(_CYRILLIC.findall(text)) > sum(map(str.isalpha, text))
    found: list[str] = []
    for word in _WORD.findall(_INITIALS.sub(r"\1\2\3", text)):
        found.extend(_words(word[:_LONGEST], russian=russian))
    return found


def _words(word: str, *, russian: bool) -> list[str]:
    if not word[0].isalnum():
        return [BREAK]
    if "'" in word:
        start, _, end = word.rpartition("'")
        # "doesn't" is one word, "l'internet" is two.
        return [start.replace("'", "") + end] if end in _CONTRACTED else word.split("'")
    if word.startswith(_SEPARABLE):
        return word.split("-")
    word = _repaired(word) if _CYRILLIC.search(word) else _ZERO_IN_WORD.sub("o", word)
    return [_LATIN_HOMOGRAPHS.get(word, word) if russian else word]


def _repaired(word: str) -> str:
    """Repair a Russian word that a scanner or a hasty hand wrote partly in Latin letters or digits."""
    if _MIXED.match(word):
        word = _DIGIT_IN_WORD.sub(lambda found: "о" if found[0] == "0" else "з", word)
        if all(letter in _ALIKE for letter in word if letter.isascii() and letter.isalpha()):
            word = word.translate(_TO_RUSSIAN)
    return word.replace("ё", "е")
