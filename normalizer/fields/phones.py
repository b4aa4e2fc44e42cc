"""Telephone numbers: where to call back, and which line is faulty. E.164, except a local line without a known area."""

import re
from collections.abc import Iterator
from itertools import chain, islice

import phonenumbers
from msgspec import Struct
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from normalizer.context import Context
from normalizer.fields import cues
from normalizer.fields.areas import with_area
from normalizer.fields.numerals import spelled
from normalizer.fields.passages import BLANK, CONTACT, Candidate, Passage
from normalizer.fields.service import service
from records.words import Service

_GAP = r"[ \u00a0().\-\u2010-\u2015/]{0,3}"
_MOST = 30

#: How numbers are written in a country, in the order to look for them.
_SHAPES = {
    "RU": [
        rf"(?:\+\s?7|8|7){_GAP}(?:\d{_GAP}){{9}}\d",
        rf"\(\d{{3}}-?\d{{0,2}}\){_GAP}\d(?:{_GAP}\d){{4,6}}",
        rf"9(?:{_GAP}\d){{9}}",
    ],
    "CN": [rf"(?:\+?86{_GAP})?1[3-9](?:{_GAP}\d){{9}}", rf"\(?0\d{{2,3}}\)?{_GAP}[2-9]\d{{2,3}}[- ]?\d{{4}}"],
    "IT": [rf"(?:(?:\+|00)39{_GAP})?3\d(?:{_GAP}\d){{7,8}}", rf"(?:(?:\+|00)39{_GAP})?0\d{{1,3}}(?:{_GAP}\d){{5,8}}"],
    "GB": [rf"(?:\+44{_GAP}(?:\(0\){_GAP})?|\(?0)[1-9](?:{_GAP}\d){{8,9}}"],
    "US": [rf"(?:\+?1{_GAP})?\(?[2-9]\d\d\)?{_GAP}\d{{3}}{_GAP}\d{{4}}"],
}
_SHAPES["CA"] = _SHAPES["US"]
_NUMBERS = {
    region: re.compile("|".join(rf"(?<![\dA-Z])(?<!\d[.,]){shape}(?![\dA-Za-z]|[-.]\d)" for shape in shapes))
    for region, shapes in _SHAPES.items()
}
_ABROAD = re.compile(rf"\+[1-9](?:{_GAP}\d){{7,14}}(?!\d)")
_LOCAL = re.compile(r"(?<![\d.,/-])(?:\d{1,3}[- ]\d{2}[- ]\d{2}|\d{3}-\d{3}|\d{3} ?- ?\d{4}|\d{5,8})(?![\d/]|[-.,]\d)")
#: Area code and number without the trunk prefix: 8412 45 67 89.
_TRUNKLESS = re.compile(r"(?<![\d.,/+-])[348]\d{2,4}(?:[ -]?\d){6,7}(?![\d/]|[-.,]\d)")
#: Where a number begins that is a sentence of its own.
_ALONE = re.compile(r"(?:^|[.;!?\n])\s{0,2}$")
_MOBILE = {"RU": re.compile(r"\+79\d{9}"), "CN": re.compile(r"\+861[3-9]\d{9}"), "GB": re.compile(r"\+447\d{9}")}
_LANGUAGES = {"ru": "RU", "zh": "CN", "it": "IT", "en": "GB"}
_ENGLISH_SPEAKING = frozenset({"GB", "US", "CA", "IE"})
_DATE = re.compile(
    r"(?<![\d.])(?:[0-3]?\d[./][01]?\d[./](?:20|19)?\d\d|20\d\d[-./][01]\d[-./][0-3]\d)(?!\d|[.-]\d)|\d{1,2}:\d\d"
)


class _Number(Struct, frozen=True):
    """One number of a text; `e164` is None for a local number of an unknown area."""

    digits: str
    e164: str | None
    span: tuple[int, int]
    mobile: bool


def phones(passage: Passage, context: Context, language: str) -> Iterator[Candidate]:
    """Find where to call back and which line is faulty; every number found is claimed."""
    regions = _regions(context, language)
    numbers = sorted(_numbers(passage, regions, context, language), key=lambda number: number.span)
    used = [_use(passage, number, language) for number in numbers]
    only = _only_line(passage, numbers, used, language)
    for number, candidate in zip(numbers, used, strict=True):
        if number is only:
            yield passage.candidate("affected.line", number.e164 or number.digits, number.span, 0.86)
        elif candidate is not None:
            yield candidate


def _only_line(passage: Passage, numbers: list[_Number], used: list[Candidate | None], language: str) -> _Number | None:
    """Give the one fixed line that a report about a telephone names, where it is not named as one to call."""
    fixed = [number for number in numbers if not number.mobile]
    named = any(candidate and candidate.field == "affected.line" for candidate in used)
    if len(fixed) != 1 or named or not _on_telephone(passage):
        return None
    before = _clause_before(passage.before(fixed[0].span[0], 70))
    asked = cues.CALL_BACK[language].search(before[-30:]) or cues.NOT_HIS[language].search(before)
    return None if asked or cues.FAX.search(before) else fixed[0]


def _regions(context: Context, language: str) -> list[str]:
    told = context.region if language == "en" and context.region in _ENGLISH_SPEAKING else _LANGUAGES[language]
    return list(dict.fromkeys((told, context.region)))


def _numbers(passage: Passage, regions: list[str], context: Context, language: str) -> Iterator[_Number]:
    dates = [found.span() for found in islice(_DATE.finditer(passage.open), 200)]
    hidden = _hide(passage.open, dates)
    for pattern, region in chain(((_NUMBERS[r], r) for r in regions if r in _NUMBERS), ((_ABROAD, None),)):
        for found in islice(pattern.finditer(hidden), _MOST):
            number = _national(found[0], region, found.span())
            foreign = region not in (regions[0], None) and not found[0].startswith("+")
            if number is not None and not (foreign and not _is_called(passage, found, language)):
                passage.claim(*number.span, CONTACT)
                yield number
        hidden = _hide(passage.open, dates)
    yield from _spelled(passage, regions[0], language)
    if regions[0] in ("RU", "CN"):
        yield from _local(passage, _hide(passage.open, dates), regions[0], context, language)


def _hide(text: str, spans: list[tuple[int, int]]) -> str:
    parts, end = [], 0
    for start, stop in spans:
        parts += [text[end:start], BLANK * (stop - start)]
        end = stop
    return "".join([*parts, text[end:]])


def _national(written: str, region: str | None, span: tuple[int, int]) -> _Number | None:
    try:
        plain = written if ")" in written else written.replace("(", "")
        parsed = phonenumbers.parse(plain.replace("(0)", "") if region == "GB" else plain, region)
    except phonenumbers.NumberParseException:
        return None
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    shaped = region in _MOBILE and _MOBILE[region].fullmatch(e164)
    kind = PhoneNumberType.MOBILE if shaped else phonenumbers.number_type(parsed)
    if region == "GB" and kind == PhoneNumberType.UNKNOWN and re.fullmatch(r"\+44[123]\d{9}", e164):
        kind = PhoneNumberType.FIXED_LINE  # numbers that the metadata keeps for plays and examples
    if kind in (PhoneNumberType.UNKNOWN, PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE):
        return None
    return _Number(e164, e164, span, kind == PhoneNumberType.MOBILE)


def _spelled(passage: Passage, region: str, language: str) -> Iterator[_Number]:
    for digits, span in list(spelled(passage.open, language)):
        number = _national(digits, region, span)
        if number is not None:
            passage.claim(*span, CONTACT)
            yield number


def _local(passage: Passage, hidden: str, region: str, context: Context, language: str) -> Iterator[_Number]:
    """Give local numbers that a word before them calls a telephone."""
    for found in islice(_LOCAL.finditer(hidden), _MOST):
        digits = re.sub(r"\D", "", found[0])
        if 5 <= len(digits) <= (7 if region == "RU" else 8) and _is_called(passage, found, language):
            passage.claim(*found.span(), CONTACT)
            yield _Number(digits, with_area(digits, context.city, region), found.span(), mobile=False)
    for found in islice(_TRUNKLESS.finditer(passage.open), _MOST if language == "ru" else 0):
        number = _national(found[0], region, found.span()) if _is_called(passage, found, language) else None
        if number is not None:
            passage.claim(*found.span(), CONTACT)
            yield number


def _is_called(passage: Passage, found: re.Match[str], language: str) -> bool:
    """Tell a telephone by the word before it, or by a line's trouble right behind it."""
    if cues.LOCAL[language].search(passage.before(found.start(), 30)):
        return True
    parted = re.fullmatch(r"\d{2,3}-\d\d-\d\d", found[0])
    at_once = cues.FAULT_AT_ONCE.match(passage.after(found.end(), 20))
    if not parted:
        return False
    before = passage.before(found.start(), 50)
    return bool(at_once or cues.IN_CLAUSE.search(before)) or (bool(_ALONE.search(before)) and _on_telephone(passage))


def _on_telephone(passage: Passage) -> bool:
    """Tell a report about a telephone."""
    return next((told.value for told in service(passage)), None) == Service.TELEPHONY


def _use(passage: Passage, number: _Number, language: str) -> Candidate | None:
    """Say what a number is for: the faulty line, a call back, or nothing of the customer's."""
    before, after = _clause_before(passage.before(number.span[0], 70)), passage.after(number.span[1], 60)
    if cues.NOT_HIS[language].search(before) or cues.FAX.search(before):
        return None
    if not number.mobile and _faulty(before, after, language):
        return passage.candidate("affected.line", number.e164 or number.digits, number.span, 0.9)
    if number.e164 is None:
        about = cues.ABOUT_LINE.search(passage.lower) and not cues.CALL_BACK[language].search(before[-30:])
        return passage.candidate("affected.line", number.digits, number.span, 0.85) if about else None
    asked = cues.CALL_BACK[language].search(before) is not None
    other = cues.SOMEBODY[language].search(before[-25:]) is not None
    confidence = 0.8 + 0.1 * number.mobile + 0.05 * asked - 0.1 * other
    return passage.candidate("reporter.phone", number.e164, number.span, confidence)


def _clause_before(before: str) -> str:
    return before.rpartition("\n\n")[2]


def _faulty(before: str, after: str, language: str) -> bool:
    if cues.FAULTY_LABEL[language].search(before[-20:]):
        return True
    if cues.CALL_BACK[language].search(before[-30:]):
        return False
    line = cues.LINE[language].search(before[-40:])
    return bool(line and (cues.FAULT_AFTER[language].match(after) or cues.FAULT_BEFORE[language].search(before)))
