"""How text becomes the words that a report is found by, the same for both databases.

Letters are taken without case and accents, Chinese by overlapping pairs of characters, the last one alone, so that
every beginning of a pair is a character. Digits that belong together ("8 (917) 340-22-18", "4410-22871") are one word,
with each of its ends: a telephone number is found by its last four digits, with or without the country's code.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from records.record import FaultRecord

#: One word of a query may be written in several ways; one way may be several words, all of which must be there.
Ways = tuple[tuple[str, ...], ...]

MOST = 1500  # words of one report: those of its fields come first
LONGEST = 40  # characters of one word
_TOGETHER = re.compile(r"\+?\d(?:[ \u00a0().-]{0,3}\d){4,}")
_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]+")
_DIGITS = re.compile(r"\d+", re.ASCII)
_TAIL = 4  # digits by which a number is found from its end


def words_of(record: FaultRecord) -> list[str]:
    """Give the words that a record is found by: who, where to answer, what fails, and its text."""
    reporter, affected = record.reporter, record.affected
    address = affected.address
    texts = (
        record.id, reporter.name, reporter.phone, reporter.email, reporter.organization, reporter.messenger,
        affected.line, affected.account, affected.node, affected.equipment, address.city, address.street,
        address.house, address.building, address.entrance, address.flat, record.external_id, record.reference,
        record.description,
    )  # fmt: skip
    found: dict[str, None] = {}
    for word in (word for text in texts if text for word in _kept(_plain(text))):
        if len(found) >= MOST:
            break
        found[word] = None
    return list(found)


def asked_for(text: str) -> list[Ways]:
    """Give a query's words, each with the ways in which it may be written; all of them must be found."""
    text = _plain(text)
    ways: list[Ways] = [_digit_ways(found[0]) for found in _TOGETHER.finditer(text)]
    return [*ways, *(((word,),) for word in _words(_TOGETHER.sub(" ", text), whole=False))]


def expression(words: Iterable[Ways], beginning: str, every: str, some: str) -> str:
    """Write a query in a database's own language: how it writes a word's beginning, "and" and "or"."""
    ways = ((f" {every} ".join(beginning.format(word) for word in way) for way in one) for one in words)
    return f" {every} ".join(f"({f' {some} '.join(f'({way})' for way in one)})" for one in ways)


def _plain(text: str) -> str:
    """Take case, accents and compatible forms away: Ё is е, À is a, a full-width digit is a digit."""
    apart = unicodedata.normalize("NFKD", text.lower())
    return unicodedata.normalize("NFC", "".join(char for char in apart if not unicodedata.combining(char)))


def _kept(text: str) -> Iterator[str]:
    yield from _words(text, whole=True)
    for found in _TOGETHER.finditer(text):
        digits = "".join(_DIGITS.findall(found[0]))[:LONGEST]
        yield from (digits[place:] for place in range(len(digits) - _TAIL + 1))


def _words(text: str, *, whole: bool) -> Iterator[str]:
    for found in _WORD.finditer(text):
        yield from (word[:LONGEST] for part in _parts(found[0]) for word in _pairs(part, whole=whole))


def _parts(word: str) -> Iterable[str]:
    """Divide where Chinese begins or ends."""
    place = 0
    for found in _CJK.finditer(word):
        yield from filter(None, (word[place : found.start()], found[0]))
        place = found.end()
    yield from filter(None, (word[place:],))


def _pairs(word: str, *, whole: bool) -> Iterable[str]:
    """Give a Chinese word's pairs; of a query's word not the last character alone, which might begin other pairs."""
    if not _CJK.match(word):
        return (word,)
    last = (word[-1],) if whole or len(word) == 1 else ()
    return (*(word[place : place + 2] for place in range(len(word) - 1)), *last)


def _digit_ways(written: str) -> Ways:
    """Give the ways of digits that stand together: as one number, without a prefix of dialling, or each for itself."""
    groups = tuple(_DIGITS.findall(written))
    digits = "".join(groups)[:LONGEST]
    shorter = [digits[len(prefix) :] for prefix in ("00", "0", "8") if len(digits) > 9 and digits.startswith(prefix)]
    apart = (groups,) if len(groups) > 1 else ()
    return tuple(dict.fromkeys(((digits,), *((one,) for one in shorter), *apart)))
