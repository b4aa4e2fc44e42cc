"""Russian addresses. Without a list of streets the grammar asks for a type word, a flat, or words that tell an address."""

import re
from collections.abc import Iterator
from itertools import islice

from normalizer.fields.passages import BLANK, Candidate, Passage
from normalizer.fields.russian import can_be, capitalised, is_known, respelled

_MOST = 10
_GAP = r"[\s,;.]{0,3}"
_NOT_NAME = (
    r"(?!(?:дом\w?|д|кв|квартир\w|корп\w*|к|подъезд\w?|под|этаж\w?|эт|оф|офис\w?|стр|строение|номер|тел|телефон\w?|№|ул|улиц\w"
    r"|договор\w?|канал\w?|нет|не|с|по|на|в|и|уже|у)(?![а-яё]))"
)
_WORD = rf"{_NOT_NAME}[А-ЯЁа-яё][А-ЯЁа-яё-]{{1,24}}"
_ORDINAL = r"\d{1,3}(?:-?(?:й|я|го|ая|ый|ой|летия)(?![а-яё])| лет| летия)?"
_NAME = rf"(?:{_ORDINAL}\s)?(?:[А-ЯЁ]\.\s?){{0,2}}{_WORD}(?:\s(?:\d{{1,3}} )?{_WORD}){{0,2}}?"

_TYPES = {
    "улица": r"улиц[аеыу]|ул(?![а-яё])",
    "проспект": r"проспект[еау]?|просп(?![а-яё])|пр-к?т[еау]?|пр(?![а-яё-])",
    "проезд": r"проезд[еау]?|пр-д",
    "переулок": r"переул(?:ок|к[еау])|пер(?![а-яё])",
    "шоссе": r"шоссе|ш(?![а-яё])",
    "бульвар": r"бульвар[еау]?|бул(?![а-яё])|б-р",
    "площадь": r"площад[ьи]|пл(?![а-яё])",
    "набережная": r"набережн(?:ая|ой|ую)|наб(?![а-яё])",
    "тупик": r"тупик[еау]?|туп(?![а-яё])",
    "микрорайон": r"микрорайон[еау]?|мкрн?|м-н",
    "аллея": r"алле[яеию]",
    "тракт": r"тракт[еау]?",
}
_TYPE = "|".join(_TYPES.values())
_LETTER = r"(?:[а-яА-Я](?![а-яёА-ЯЁ\d])| ?«[А-Яа-я]»| ?\"[А-Яа-я]\"| [А-ДЖ](?![\w.]))"
_HOUSE = (
    rf"(?:(?:дом[еа]?|д)(?![а-яё])\.?\s?)?[№N]?\s?(?P<house>\d{{1,3}}{_LETTER}?(?:/\d{{1,3}}{_LETTER}?)?)"
    r"(?:[\s,]{0,2}(?:корпус|корп|кор|к)(?![а-яё])\.?\s?№?\s?(?P<block>\d{1,2}(?!\d)|[А-Яа-я](?![\w.])))?"
    r"(?:[\s,]{0,2}(?:строение|стр|литера?|лит)(?![а-яё])\.?\s?№?\s?(?P<building>\d{1,2}|[А-Яа-я])(?!\w))?"
)
_FLAT = r"(?:квартир[аеуы]|кварт|кв-ра|кв|офис[е]?|оф|комнат[аеу]|комн|ком|помещени[ея]|пом)(?![а-яё])\.?\s?[№N]?\s?(?P<{}>\d{{1,4}}[а-яА-Я]?)(?![\w])"
_ENTRANCE = r"(?:подъезд[еа]?|подьезд|под|п-д)(?![а-яё])\.?\s?№?\s?(?P<{0}>\d{{1,2}})(?!\d)|(?P<{0}b>\d{{1,2}})(?:-?[ймое]{{1,2}})? ?(?:подъезд[еа]?|подьезд|под)(?![а-яё])"
_FLOOR = r"(?:этаж|эт)(?![а-яё])\.?\s?\d{1,2}(?!\d)|\d{1,2}(?:-?[йме]{1,2})? ?(?:этаж[е]?|эт)(?![а-яё])"
_PIECE = rf"(?:{_GAP}(?:{_FLOOR}|{{}}))"
_TAIL = (
    r"(?P<tail>\s?[-–—]\s?(?P<dashed>\d{1,4})(?![\d\-–/:]|[.,]\d)"
    rf"|(?:{_GAP}(?:{_FLOOR}|{_ENTRANCE.format('entrance1')}|{_FLAT.format('flat1')})){{0,4}})"
)
_PLACED = rf"(?:{_GAP}|\s?[-–—]\s?){_HOUSE}{_TAIL}"

_TYPED = re.compile(rf"(?<![А-Яа-яЁё-])(?P<type>{_TYPE})\.?\s?(?P<name>{_NAME}){_PLACED}", re.IGNORECASE)
_TYPED_AFTER = re.compile(
    rf"(?<![А-Яа-яЁё-])(?P<name>(?:{_ORDINAL}\s)?[А-ЯЁ][а-яё-]{{2,24}})\s(?P<type>проспект[еа]?|пр-к?т|шоссе|бульвар[еа]?|б-р|проезд[е]?|переул(?:ок|ке)|пер|ул|улица"
    rf"|площад[ьи]|набережная|тупик|тракт)(?![а-яё])\.?{_PLACED}"
)
_TYPED_ALONE = re.compile(
    rf"(?<![А-Яа-яЁё-])(?P<type>{_TYPE})\.?\s?(?P<name>{_NAME})(?P<house>(?P<block>(?P<building>(?P<tail>))))(?=\s?(?:[,.;!?)\n]|$))",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<![А-Яа-яЁё\d-])(?P<name>(?:8 (?=[Мм]арта)|1 (?=[Мм]ая))?{_WORD}(?:\s{_WORD})?){_PLACED}")

_COUNTED = re.compile(
    r"\s?(?:январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр|руб|дн|день|час|мин|лет|год|г\.|мес|недел|чел|раз|%|мбит|мб"
    r"|гб|канал|сутк|сек|штук|шт|км|°)"
)
_CUE = re.compile(
    r"(?:адрес\w*|жив[уеё]\w*|прожива\w+|прож|дом[еа]?|находи\w+|по|на|квартир\w|точка \w|ул\w*)[\s.,:–-]{0,3}$",
    re.IGNORECASE,
)
_STRONG_CUE = re.compile(r"(?:адрес\w*|жив[уеё]\w*|прожива\w+|прож|дом|находи\w+)[\s.,:–-]{0,3}$", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"(?:дач\w|офис\w? (?:ваш|компании)|ваш\w? офис\w*|родился|прописан\w?|зарегистрирован\w?)\W[^.!?\n]{0,25}$",
    re.IGNORECASE,
)
_FEMALE_SURNAMES = frozenset({"крупской", "ковалевской", "космодемьянской", "перовской", "островской", "плевицкой"})
_NOUNS = frozenset(
    {
        "мира",
        "победы",
        "свободы",
        "труда",
        "октября",
        "марта",
        "мая",
        "космонавтов",
        "строителей",
        "молодёжи",
        "молодежи",
    }
    | {
        "революции",
        "дружбы",
        "юности",
        "коммунаров",
        "пионеров",
        "кооперации",
        "металлургов",
        "шахтёров",
        "энергетиков",
    }
)
_CITY = re.compile(
    r"(?<![А-Яа-яЁё\d])(?<!\d )(?:(?:г|гор|город[е]?|пгт|рп|р\.п|пос|посёлок|поселок|п|село|с|деревня|дер|станица|ст-ца|аул)(?![а-яё])[. ]{1,2}|г\.)"
    r"(?P<city>[А-ЯЁ][а-яё]{1,24}(?:-[А-Яа-яё][а-яё-]{1,24}|\s(?:Новгород|Челны|Ола|Поляна|Посад|Тагил|Луки|Ростов))?)"
)
_FROM_CITY = re.compile(
    r"(?:пишу из|жив[уё]м? в|проживаю в|нахожусь в|(?<!\w)я из)\s(?:г(?:орода|\.)? ?)?(?P<city>[А-ЯЁа-яё-]{3,25})",
    re.IGNORECASE,
)
_BEFORE_STREET = re.compile(r"(?:^|[\s:;(,])(?P<city>[А-ЯЁ][а-яё]{2,24}(?:-[А-ЯЁ]?[а-яё]+){0,2})\s?,?\s?$")
_LONE_HOUSE = re.compile(rf"(?<![А-Яа-яЁё])(?:дом|д\.)\s?{_HOUSE.split(')?', 1)[1]}", re.IGNORECASE)
_LONE_FLAT = re.compile(rf"(?<![А-Яа-яЁё]){_FLAT.format('flat')}", re.IGNORECASE)
_LONE_ENTRANCE = re.compile(rf"(?<![А-Яа-яЁё\d-])(?:{_ENTRANCE.format('entrance')})", re.IGNORECASE)


def addresses(passage: Passage) -> Iterator[Candidate]:
    """Find where it fails; the places found are claimed, so that a street is not taken for a person."""
    found = next(_streets(passage), None)
    if found is not None:
        yield from _address(passage, *found)
    yield from _city(passage)
    yield from _lone_pieces(passage)


def _streets(passage: Passage) -> Iterator[tuple[re.Match[str], str, float]]:
    """Give the addresses of a text with their streets, the surest kind first."""
    for pattern, confidence in ((_TYPED, 0.95), (_TYPED_AFTER, 0.95), (_BARE, 0.85), (_TYPED_ALONE, 0.8)):
        for match in islice(pattern.finditer(passage.open), 200):
            if _ELSEWHERE.search(passage.before(match.start(), 40)) or _is_counted(passage, match):
                continue
            street = _typed(match) if pattern is not _BARE else _bare(passage, match)
            if street:
                yield match, street, confidence


def _is_counted(passage: Passage, match: re.Match[str]) -> bool:
    """Tell a house from a day, a sum or a speed."""
    if not match["house"]:
        return False
    after = passage.repaired[match.end() : match.end() + 12].lower()
    return match["tail"] == "" and bool(_COUNTED.match(after) or re.match(r"[.:/]\d|[-–]\d|\d", after))


def _typed(match: re.Match[str]) -> str | None:
    kind = next(kind for kind, words in _TYPES.items() if re.fullmatch(words, match["type"], re.IGNORECASE))
    name = _street_name(match["name"], declined=match["type"].lower() in {"улице", "улицы", "набережной"})
    if kind == "улица":
        return name
    return f"{kind} {name}" if match.start("type") < match.start("name") else f"{name} {kind}"


def _street_name(written: str, *, declined: bool = False) -> str:
    words = written.split()
    words[-1] = respelled(words[-1])
    if declined and words[-1].lower().endswith(("ой", "ей")) and words[-1].lower() not in _FEMALE_SURNAMES:
        adjective = can_be(words[-1], "ADJF", "femn", "sing")
        nominative = adjective.inflect({"nomn"}) if adjective else None
        words[-1] = nominative.word if nominative else words[-1]
    return capitalised(" ".join(words))


def _bare(passage: Passage, match: re.Match[str]) -> str | None:
    """Give a street without a type word where its form and its surroundings tell a street."""
    words = match["name"].split()
    if len(words) > 1 and not _belongs(words[-2], words[-1]):
        words = words[-1:]
    start = match.start("name") + match["name"].rfind(words[0]) if len(words) == 1 else match.start("name")
    before = passage.before(start, 30)
    capital = words[-1][0].isupper()
    if re.search(r"(?:^|\s)(?:на|по)\s$", before) and words[-1].lower().endswith("ой"):
        return _street_name(" ".join(words), declined=True) if capital or match["tail"] else None
    if not _is_street_form(
        words[-1], capital=capital and bool(_STRONG_CUE.search(before) or _is_city(before, passage, start))
    ):
        return None
    told = (
        match["tail"]
        or (_CUE.search(before) or _is_city(before, passage, start))
        and (capital or _STRONG_CUE.search(before))
    )
    return _street_name(" ".join(words)) if told else None


def _belongs(first: str, last: str) -> bool:
    """Tell whether two words are one street: Карла Маркса, Генерала Глазунова, 8 Марта."""
    if first.isdigit():
        return True
    if first.lower() in {
        "генерала",
        "маршала",
        "академика",
        "адмирала",
        "героя",
        "красная",
        "малая",
        "большая",
        "новая",
        "старая",
    }:
        return True
    return bool(can_be(first, "Name", "gent")) and not can_be(first, "Surn", "nomn") and bool(can_be(last, "gent"))


def _is_street_form(word: str, *, capital: bool) -> bool:
    right = respelled(word)
    lower = right.lower()
    if lower in _NOUNS or can_be(right, "Surn", "gent"):
        return True
    if lower.endswith(("ая", "яя")) and can_be(right, "ADJF", "femn", "nomn"):
        return True
    return capital and not (is_known(right) and can_be(right, "nomn"))


def _is_city(before: str, passage: Passage, start: int) -> bool:
    found = _BEFORE_STREET.search(passage.repaired[max(0, start - 30) : start])
    return bool(before and found and can_be(found["city"], "Geox"))


def _address(passage: Passage, match: re.Match[str], street: str, confidence: float) -> Iterator[Candidate]:
    name = match.span("name")
    yield passage.candidate("affected.address.street", street, name, confidence)
    if match["house"]:
        block = f"к{match['block']}" if match["block"] else ""
        house = re.sub(r"[ «»\"]", "", match["house"]) + block
        yield passage.candidate(
            "affected.address.house",
            house,
            (match.start("house"), match.end("block" if block else "house")),
            confidence,
        )
    for field, groups in {
        "building": ("building",),
        "flat": ("dashed", "flat1"),
        "entrance": ("entrance1", "entrance1b"),
    }.items():
        for group in groups:
            if group in match.re.groupindex and match[group]:
                yield passage.candidate(f"affected.address.{field}", match[group], match.span(group), confidence)
    city = _BEFORE_STREET.search(passage.open[max(0, match.start() - 40) : match.start()])
    words = match["name"].split()
    start = max(0, match.start() - 40)
    if city and (
        can_be(city["city"], "Geox", "nomn") or _STRONG_CUE.search(passage.before(start + city.start("city"), 20))
    ):
        span = (start + city.start("city"), start + city.end("city"))
        yield passage.candidate("affected.address.city", city["city"], span, 0.85)
    elif len(words) > 1 and words[0] not in street and can_be(words[0], "Geox", "nomn"):
        span = (match.start("name"), match.start("name") + len(words[0]))
        yield passage.candidate("affected.address.city", words[0], span, 0.85)
    passage.claim(*match.span())


def _city(passage: Passage) -> Iterator[Candidate]:
    for pattern, confidence in ((_CITY, 0.95), (_FROM_CITY, 0.85)):
        for match in islice(pattern.finditer(passage.open), _MOST):
            city = _nominative(match["city"], plain=pattern is _CITY)
            if city:
                yield passage.candidate("affected.address.city", city, match.span("city"), confidence)
                passage.claim(*match.span("city"))


def _nominative(city: str, *, plain: bool) -> str | None:
    place = can_be(city, "Geox", "sing")
    if can_be(city, "Geox", "nomn") or place is None:
        return city if plain else None
    nominative = place.inflect({"nomn"})
    return capitalised(nominative.word) if nominative else None


def _lone_pieces(passage: Passage) -> Iterator[Candidate]:
    """Find house, flat and entrance that stand apart from the street: "кв. 33, дом 10 корпус 1, улица Минская"."""
    for match in islice(_LONE_HOUSE.finditer(passage.open), 1):
        if not _is_counted_at(passage, match.end()):
            house = re.sub(r"[ «»\"]", "", match["house"]) + (f"к{match['block']}" if match["block"] else "")
            yield passage.candidate("affected.address.house", house, match.span(), 0.8)
    for match in islice(_LONE_FLAT.finditer(passage.open), 1):
        yield passage.candidate("affected.address.flat", match["flat"], match.span(), 0.8)
    for match in islice(_LONE_ENTRANCE.finditer(passage.open), 1):
        value = match["entrance"] or match["entranceb"]
        yield passage.candidate("affected.address.entrance", value, match.span(), 0.8)


def _is_counted_at(passage: Passage, end: int) -> bool:
    return bool(_COUNTED.match(passage.repaired[end : end + 12].lower()))


__all__ = ["BLANK", "addresses"]
