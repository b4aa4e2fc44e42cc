"""Bytes to text, whatever charset the sender wrote them in and whichever one he named."""

import codecs
import re
from functools import lru_cache
from typing import Final, NamedTuple

from normalizer.readers.frequencies import (
    HANGUL,
    HANZI,
    LATIN,
    LATIN_RARE,
    PUNCTUATION,
    RUSSIAN_LETTERS,
    RUSSIAN_PAIRS,
)

#: Names that mean a larger set than they say, or that are no name at all (WHATWG Encoding says the same of most).
_ALIASES: Final = {
    "ascii": "us-ascii", "iso-8859-1": "cp1252", "latin1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "gb": "gb18030", "iso-gb2312": "gb18030", "x-gbk": "gb18030",
    "gb_2312-80": "gb18030", "big5": "cp950", "big-5": "cp950", "x-big5": "cp950", "cn-big5": "cp950",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949", "euc-kr": "cp949", "utf8mb4": "utf-8", "unicode-1-1-utf-8": "utf-8", "x-utf-8": "utf-8",
    "cp-1251": "cp1251", "windows1251": "cp1251", "win-1251": "cp1251", "x-cp1251": "cp1251", "koi8r": "koi8-r",
    "koi8": "koi8-r", "x-koi8-r": "koi8-r", "dos-866": "cp866", "ibm866": "cp866", "x-mac-cyrillic": "mac-cyrillic",
    "iso-2022-jp": "iso2022_jp_ext", "iso-8859-8-i": "iso-8859-8", "iso-8859-9": "cp1254", "tis-620": "cp874",
}  # fmt: skip
_NOT_TEXT: Final = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
#: What unlabelled text may be, the likeliest first: of equals the first wins.
_RIVALS: Final = ("utf-8", "cp1251", "cp1252", "koi8-r", "gb18030", "cp866", "cp950", "cp932", "euc-jp", "cp949")
#: Of these alone may a short text be valid UTF-8 by chance.
_DOUBLE: Final = frozenset({"gb18030", "cp950", "cp932", "euc_jp", "euc-jp", "cp949", "big5hkscs", "hz"})
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ESCAPES: Final = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp_ext"))
_SURE: Final = 1.1  # a score after which no other charset is tried
_SENSE: Final = 0.45  # a score without which no other charset displaces a named one that fits
_SAMPLE: Final = 1_500  # bytes that a guess looks at
_TRUST: Final = 0.35  # how much better than the named charset another must look
_WORD: Final = re.compile(r"[^\W\d_]+|[^\x00-\x7f]")


class Decoded(NamedTuple):
    """Text, and the charset it was read in where that was not the named one."""

    text: str
    guess: str | None = None


def decode(content: bytes, named: str | None = None, hint: str | None = None) -> Decoded:
    """Read bytes as the charset that is named, unless another fits clearly better.

    `hint` is a charset that stands nearby, tried before those that are only likely. Never raises; what fits nothing
    has U+FFFD in its place.
    """
    codec = codec_of(named)
    for bom, marked in _BOMS:
        if content.startswith(bom):
            return Decoded(content[len(bom) :].decode(marked, "replace"), None if codec == marked else marked)
    if content.isascii():
        return _seven_bit(content, codec)
    text = _strict(content, "utf-8")
    if text is not None and (codec not in _DOUBLE or sum(byte > 0x7F for byte in content[:500]) > 8):
        return Decoded(text, None if codec == "utf-8" else "utf-8")
    return _best(content, codec, codec_of(hint))


@lru_cache(maxsize=512)
def codec_of(name: str | None) -> str | None:
    """Give Python's name of a charset, None where there is none that makes text."""
    label = (name or "").strip(" \t\"'").lower()[:40]
    label = _ALIASES.get(label, label)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_:+-]*", label):
        return None
    try:
        found = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    is_text = getattr(found, "_is_text_encoding", True) and found.name not in _NOT_TEXT
    return _ALIASES.get(found.name, found.name) if is_text else None


def _seven_bit(content: bytes, codec: str | None) -> Decoded:
    """Read bytes that are all ASCII: plain, or with the escapes of a seven-bit charset."""
    escaped = next((charset for escape, charset in _ESCAPES if escape in content), None)
    for charset in (codec, escaped):
        if charset and (text := _strict(content, charset)) is not None:
            return Decoded(text, None if charset == codec else charset)
    return Decoded(content.decode("ascii"), None)


def _best(content: bytes, codec: str | None, hint: str | None) -> Decoded:
    """Compare the named charset with the likely ones on a sample, and read all in the best."""
    sample = _sample(content)
    named_fits = codec is not None and _strict(content, codec) is not None
    best, best_score = (codec, _SENSE) if codec and named_fits else ("utf-8", -9.0)
    for charset in dict.fromkeys((codec, hint, *_RIVALS)):
        if charset is None or charset == "ascii":
            continue
        bonus = _TRUST if charset == codec else 0.2 if charset == hint else 0.0
        score = plausibility(sample.decode(charset, "replace")) + bonus
        if score > best_score:
            best, best_score = charset, score
        if score > _SURE:
            break
    return Decoded(content.decode(best, "replace"), None if best == codec else best)


def _strict(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(charset)
    except (UnicodeError, ValueError):
        return None


def _sample(content: bytes) -> bytes:
    """Take the lines that are not ASCII, up to a few thousand bytes; a line end parts no sign in any charset here."""
    taken, size = [], 0
    for line in content[: 40 * _SAMPLE].split(b"\n"):
        if not line.isascii():
            taken.append(line[:_SAMPLE])
            size += len(line)
            if size > _SAMPLE:
                break
    return b"\n".join(taken) or content[:_SAMPLE]


def plausibility(text: str) -> float:
    """Tell how much the signs of a text beyond ASCII look like writing: about 1 for sense, below 0 for none."""
    total, count = 0.0, 0
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        signs = sum(char > "\x7f" for char in word)
        total += _word(word, signs)
        count += signs
    return total / count if count else 0.0


def _word(word: str, signs: int) -> float:
    """Weigh one word with `signs` characters beyond ASCII; the sum of their weights."""
    first = next(char for char in word if char > "\x7f")
    if "\u0400" <= first <= "\u04ff":
        return _cyrillic(word, signs)
    if first > "\u1100":
        return sum(_asian(char) for char in word if char > "\x7f")
    if len(word) == 1 and not first.isalpha():
        return 0.4 if first in PUNCTUATION else -2.0 if first < "\xa0" else -0.6
    known = sum(1.0 if char in LATIN else 0.5 if char in LATIN_RARE else -1.0 for char in word if char > "\x7f")
    if 2 * signs <= len(word) + 1:
        return known
    return 0.15 * signs if known == signs <= 4 else -0.8 * signs


def _cyrillic(word: str, signs: int) -> float:
    """Weigh a word by its letter pairs, and by whether its capitals stand where capitals stand."""
    if signs < len(word) or not (word.islower() or word.isupper() or word.istitle()):
        return -1.0 * signs
    lower = word.lower()
    if len(lower) == 1:
        return 0.5 if lower in RUSSIAN_LETTERS else -0.5
    pairs = [lower[at : at + 2] in RUSSIAN_PAIRS for at in range(len(lower) - 1)]
    return signs * (1.6 * sum(pairs) / len(pairs) - 0.5)


def _asian(char: str) -> float:
    if char in HANZI or char in HANGUL:
        return 1.0
    if "\u3040" <= char <= "\u30ff":  # kana
        return 0.9
    if "\u4e00" <= char <= "\u9fff":
        return 0.5 if _common(char) else -0.9
    if "\uac00" <= char <= "\ud7a3":
        return 0.0
    return 0.4 if char in PUNCTUATION else -0.5 if "\uff00" <= char <= "\uff9f" else -2.0


def _common(char: str) -> bool:
    """Tell whether a sign is in the first level of GB 2312 or of Big5: those in daily use."""
    simplified = char.encode("gb2312", "ignore")
    traditional = char.encode("big5", "ignore")
    return b"\xb0" <= simplified[:1] <= b"\xd7" or b"\xa4" <= traditional[:1] <= b"\xc6"
