"""Letters that paper and tired hands confuse: Latin in Russian words, letters in numbers. Lengths never change."""

import re

#: A word that a digit or a Latin letter stands in.
_TOKEN = re.compile(r"(?<![^\W_])[^\W_A-Za-z\d]*[A-Za-z\d][^\W_]*")
_LONGEST_TOKEN = 40
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")

_TO_CYRILLIC = dict(zip("ABCEHKMOPTXYaceopxykmutnhbi", "АВСЕНКМОРТХУасеорхукмитпньі", strict=True))
_TO_CYRILLIC["i"] = "и"
_DIGITS_IN_WORDS = {"0": "о", "3": "з"}
_TO_DIGIT = {
    letter: digit for digit, letters in {"0": "ОоOo", "3": "Зз", "1": "lI", "6": "бБ"}.items() for letter in letters
}

_INSIDE_DIGITS = re.compile(r"(?<=\d)[ОоOoЗзlIбБ]{1,3}(?=\d)")
_EDGE_OF_DIGITS = re.compile(r"(?:[ОOЗI]\d+|\d+[ОOоoЗlI])[ОO]?")
_LONE_LATIN = re.compile(r"(?<![^\W\d_])(?<![^\W\d_] )[cyoa](?=\.? [А-Яа-я\d])|(?<=[А-Яа-я,.] )[cyoa](?= [А-Яа-я\d])")


#: Spaces, dashes and figures of other widths, each for the plain one.
_PLAIN = {ord(char): " " for char in "\t\u00a0\u2002\u2003\u2009\u202f\u3000"}
_PLAIN |= {0x2212: "-", **{0xFF10 + digit: str(digit) for digit in range(10)}}


def repair(text: str) -> str:
    """Give the text with look-alikes put right, character for character: Петр0ва to Петрова, 1О to 10, Aдpec to Адрес.

    A word of mixed scripts becomes Cyrillic only where every Latin letter of it has a Cyrillic twin.
    """
    repaired = _TOKEN.sub(lambda found: _token(found[0]), text.translate(_PLAIN))
    return _LONE_LATIN.sub(lambda found: _TO_CYRILLIC[found[0]], repaired) if _CYRILLIC.search(text) else repaired


def _token(token: str) -> str:
    if len(token) > _LONGEST_TOKEN or (token.isalpha() and (token.isascii() or not _LATIN.search(token))):
        return token
    letters = _word(token)
    return letters if letters is not None else _number(token)


def _word(token: str) -> str | None:
    """Repair a Cyrillic word; None where the token is none."""
    if not _CYRILLIC.search(token):
        return None
    if _LATIN.search(token) and not any(char.isdigit() for char in token):
        return "".join(_TO_CYRILLIC.get(char, char) for char in token) if _all_twins(token) else token
    digits = {char for char in token if char.isdigit()}
    if digits and digits <= _DIGITS_IN_WORDS.keys() and _looks_like_word(token) and _all_twins(token):
        return "".join(_TO_CYRILLIC.get(char) or _digit_letter(char, token) for char in token)
    return None


def _all_twins(token: str) -> bool:
    return all(char in _TO_CYRILLIC for char in token if _LATIN.match(char))


def _looks_like_word(token: str) -> bool:
    """Tell a word with a digit slipped in (Петр0ва, 0т) from a number with a letter (З4, 12б, кв10)."""
    digits = sum(char.isdigit() for char in token)
    return (digits * 2 < len(token) and token[-1].isalpha()) or token in {"0т", "0Т", "п0", "д0", "н0", "0н"}


def _digit_letter(char: str, token: str) -> str:
    letter = _DIGITS_IN_WORDS.get(char)
    if letter is None:
        return char
    return letter.upper() if token.isupper() or token[0] == char else letter


def _number(token: str) -> str:
    repaired = _INSIDE_DIGITS.sub(lambda found: "".join(_TO_DIGIT[char] for char in found[0]), token)
    if _EDGE_OF_DIGITS.fullmatch(repaired):
        return "".join(_TO_DIGIT.get(char, char) for char in repaired)
    return repaired
