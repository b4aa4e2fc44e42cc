"""Russian addresses: a street needs a type word, a flat, or words that tell an address."""

import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from normalizer.fields import streets_ru as grammar
from normalizer.fields.passages import Candidate, Passage
from normalizer.fields.russian import can_be, capitalised, is_known

_MOST = 200
_PREFIX = "affected.address."

_COUNTED = re.compile(
    r"\s?(?:январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр|руб|дн|день|час|мин|лет|год"
    r"|г\.|мес|недел|чел|раз|%|мбит|мега|гига"
    r"|мб|гб|канал|сутк|сек|штук|шт|км|°|подъезд|этаж)|[.:/]\d|[-–]\d|\d"
)
_CUE = re.compile(
    r"(?:адрес\w*|жив[уеё]\w*|прожива\w+|прож|дом[еа]?|находи\w+|по|на|квартир\w|точка \w)[\s.,:–-]{0,3}$"
)
_STRONG_CUE = re.compile(r"(?:адрес\w*|жив[уеё]\w*|прожива\w+|прож|дом|находи\w+)[\s.,:–-]{0,3}$")
_DECLINING = re.compile(r"(?:^|\s)(?:на|по|в|с)\s$")
_ELSEWHERE = re.compile(
    r"(?:дач\w|офис\w? (?:ваш|компании)|ваш\w? офис\w*|родился|прописан\w?|зарегистрирован\w?)\W[^.!?\n]{0,25}$"
)
_CITY = re.compile(
    r"(?<![А-Яа-яЁё\d/])(?<!\d )(?:(?i:гор|город[е]?|пгт|рп|р\.п|пос|посёлок|поселок|село|деревня|дер|станица"
    r"|ст-ца|аул|г)(?![а-яё])[. ]{1,2}|(?:ст|п|с)\.\s?|г\.)"
    r"(?P<city>[А-ЯЁ][а-яё]{1,24}(?:-[А-Яа-яё][а-яё-]{1,24}| (?:Новгород|Челны|Ола|Поляна|Посад|Тагил|Луки|Ростов))?)"
)
_FROM_CITY = re.compile(
    r"(?i:пишу из|жив[уё]м? в|проживаю в|нахожусь в|(?<!\w)я из)\s(?:г(?:орода|\.)? ?)?(?P<city>[А-ЯЁа-яё-]{3,25})"
)
_IN_CITY = re.compile(
    r"(?<!\w)[Вв] (?:г\. ?|городе )?(?P<city>[А-ЯЁ][а-яё]{2,24}(?:-[А-ЯЁа-яё][а-яё]+){0,2}),? (?=на |по |ул)"
)
_BEFORE_STREET = re.compile(
    r"(?:^|[\s:;(,])(?P<city>(?:(?P<rank>Нижн|Верхн|Стар|Нов|Больш|Мал|Велик|Красн|Бел)[а-я]{2} )?"
    r"[А-ЯЁ][а-яё]{2,24}(?:-[А-ЯЁ]?[а-яё]+){0,2})\s?,?\s?$"
)
#: Where a street without a type word may begin and end when nothing else tells it: a clause of its own.
_CLAUSE_BEGINS = re.compile(r"(?:^|[.,;:!?()\n])\s{0,3}$")
_CLAUSE_ENDS = re.compile(r"\s{0,2}(?:[.,;)\n]|$)")


class _Place(Struct, frozen=True):
    """One address of a text."""

    street: str
    start: int  # of the street, without words that only stood before it
    match: re.Match[str]
    confidence: float


def addresses(passage: Passage) -> Iterator[Candidate]:
    """Find where it fails; the places found are claimed, so that a street is not taken for a person."""
    for place in list(_places(passage)):
        yield from _pieces(passage, place)
        yield from _city_before(passage, place)
        passage.claim(place.start, place.match.end())
    yield from _cities(passage)
    yield from _lone_pieces(passage)


def _places(passage: Passage) -> Iterator[_Place]:
    """Give the addresses of the surest kind that a text has; streets alone only where there is nothing better."""
    first = list(_typed(passage, grammar.HOUSE_FIRST))
    typed = [*_typed(passage, grammar.TYPED), *_typed(passage, grammar.TYPED_AFTER)]
    better = [*first, *(place for place in typed if not any(_overlap(place, other) for other in first))]
    yield from better or list(_bare(passage)) or list(islice(_typed(passage, grammar.TYPED_ALONE), 1))


def _overlap(one: _Place, other: _Place) -> bool:
    return one.match.start() < other.match.end() and other.match.start() < one.match.end()


def _matches(passage: Passage, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    for match in islice(pattern.finditer(passage.open), _MOST):
        counted = not match.groupdict().get("tail") and _COUNTED.match(passage.after(match.end(), 12))
        if not (_ELSEWHERE.search(passage.before(match.start())) or (match.groupdict().get("house") and counted)):
            yield match


def _typed(passage: Passage, pattern: re.Pattern[str]) -> Iterator[_Place]:
    for match in _matches(passage, pattern):
        kind = grammar.kind_of(match["type"])
        oblique = match["type"].lower() in {"улице", "улицы", "набережной"} or pattern is grammar.HOUSE_FIRST
        declined = oblique or bool(_DECLINING.search(passage.before(match.start())))
        name = grammar.nominative(match["name"], declined=declined, kind=kind)
        if kind != "улица":
            name = f"{kind} {name}" if match.start("type") < match.start("name") else f"{name} {kind}"
        yield _Place(name, match.start(), match, 0.8 if pattern is grammar.TYPED_ALONE else 0.95)


def _bare(passage: Passage) -> Iterator[_Place]:
    """Find streets without a type word, where their form and their surroundings tell a street."""
    for match in _matches(passage, grammar.BARE):
        words = match["name"].split()
        if len(words) > 1 and not grammar.belongs(words[-2], words[-1]):
            words = words[-1:]
        start = match.end("name") - len(" ".join(words))
        before = passage.before(start, 30)
        declined = bool(_DECLINING.search(before)) and words[-1].lower().endswith(("ой", "ую"))
        if _is_street(passage, match, words[-1], start) or (declined and (words[-1][0].isupper() or match["tail"])):
            yield _Place(grammar.nominative(" ".join(words), declined=declined), start, match, 0.85)


def _is_street(passage: Passage, match: re.Match[str], word: str, start: int) -> bool:
    before, capital = passage.before(start, 30), word[0].isupper()
    found = _BEFORE_STREET.search(passage.repaired[max(0, start - 30) : start])
    in_city = bool(found and can_be(found["city"], "Geox"))
    strong = bool(_STRONG_CUE.search(before))
    if not grammar.is_street_form(word) and not (capital and (strong or in_city) and not grammar.is_common(word)):
        return False
    if match["tail"] or ((in_city or _CUE.search(before)) and (capital or strong)):
        return True
    closed = _CLAUSE_BEGINS.search(before) and _CLAUSE_ENDS.match(passage.after(match.end(), 4))
    return capital and bool(closed)


def _pieces(passage: Passage, place: _Place) -> Iterator[Candidate]:
    match, confidence = place.match, place.confidence
    yield passage.candidate(f"{_PREFIX}street", place.street, match.span("name"), confidence)
    told = match.groupdict()
    if told.get("house"):
        yield passage.candidate(f"{_PREFIX}house", _house(match), match.span("house"), confidence)
    for field, groups in _GROUPS.items():
        for group in groups:
            if told.get(group):
                yield passage.candidate(f"{_PREFIX}{field}", match[group], match.span(group), confidence)


_GROUPS = {"building": ("building",), "flat": ("dashed", "flat", "listed"), "entrance": ("entrance", "entrance_before")}


def _house(match: re.Match[str]) -> str:
    """Write house and block as one, the way Russian houses are numbered: дом 27, корпус 2 is 27к2."""
    return re.sub(r"[ «»\"]", "", match["house"]) + (f"к{match['block']}" if match["block"] else "")


def _city_before(passage: Passage, place: _Place) -> Iterator[Candidate]:
    """Find the city that stands directly before the street: Пенза, Московская 40."""
    base = max(0, place.start - 40)
    found = _BEFORE_STREET.search(passage.open[base : place.start])
    if found is None:
        return
    start, end = base + found.start("city"), base + found.end("city")
    if found["rank"] or can_be(found["city"], "Geox", "nomn") or _STRONG_CUE.search(passage.before(start, 20)):
        yield passage.candidate(f"{_PREFIX}city", found["city"], (start, end), 0.85)
        passage.claim(start, end)


def _cities(passage: Passage) -> Iterator[Candidate]:
    for pattern, confidence in ((_CITY, 0.95), (_FROM_CITY, 0.85), (_IN_CITY, 0.85)):
        for match in list(islice(pattern.finditer(passage.open), 10)):
            city = _nominative_city(match["city"], plain=pattern is _CITY)
            if city:
                yield passage.candidate(f"{_PREFIX}city", city, match.span("city"), confidence)
                passage.claim(*match.span("city"))


def _nominative_city(city: str, *, plain: bool) -> str | None:
    place = can_be(city, "Geox", "sing")
    if place is None and is_known(city) and not can_be(city, "NOUN") and not can_be(city, "ADJF", "Qual"):
        return None
    if place is None or can_be(city, "Geox", "nomn"):
        return city if plain else None
    nominative = place.inflect({"nomn"})
    return capitalised(nominative.word) if nominative else None


def _lone_pieces(passage: Passage) -> Iterator[Candidate]:
    """Find house, flat and entrance that stand apart from the street: "кв. 33, дом 10 корпус 1, улица Минская"."""
    for match in islice(grammar.LONE_HOUSE.finditer(passage.open), 1):
        if not _COUNTED.match(passage.after(match.end(), 12)):
            yield passage.candidate(f"{_PREFIX}house", _house(match), match.span(), 0.75)
    for match in islice(grammar.LONE_FLAT.finditer(passage.open), 1):
        value = match["flat"] or match["flat_before"]
        yield passage.candidate(f"{_PREFIX}flat", value, match.span(), 0.75)
    for match in islice(grammar.LONE_ENTRANCE.finditer(passage.open), 1):
        value = match["entrance"] or match["entrance_before"]
        yield passage.candidate(f"{_PREFIX}entrance", value, match.span(), 0.75)
