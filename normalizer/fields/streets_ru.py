"""The grammar of a Russian address: patterns of its pieces, and the forms that a street's name has."""

import re

from normalizer.fields.russian import can_be, capitalised, is_known, respelled

_GAP = r"[\s,;.]{0,3}"
_NOT_NAME = (
    r"(?!(?i:дом\w?|д|кв|квартир\w|корп\w*|к|подъезд\w?|под|этаж\w?|эт|оф|офис\w?|стр|строение|номер|тел|телефон\w?"
    r"|ул|улиц\w"
    r"|договор\w?|канал\w?|нет|не|с|по|на|в|и|уже|у|город\w?|адрес\w?)(?![а-яёА-ЯЁ]))"
)
_WORD = rf"{_NOT_NAME}[А-ЯЁа-яё][А-ЯЁа-яё-]{{1,24}}"
_ORDINAL = r"\d{1,3}(?:-?(?:й|я|го|ая|ый|ой|летия)(?![а-яё])| лет| летия)?"
_NAME = rf"(?:{_ORDINAL} )?(?:[А-ЯЁ]\. ?){{0,2}}{_WORD}(?: (?:\d{{1,3}} )?{_WORD}){{0,2}}?"

#: Types of streets, with the words for each.
TYPES = {
    "улица": r"улиц[аеыу]|ул",
    "проспект": r"проспект[еау]?|просп|пр-к?т[еау]?|пр",
    "проезд": r"проезд[еау]?|пр-д",
    "переулок": r"переул(?:ок|к[еау])|пер",
    "шоссе": r"шоссе|ш",
    "бульвар": r"бульвар[еау]?|бул|б-р",
    "площадь": r"площад[ьи]|пл",
    "набережная": r"набережн(?:ая|ой|ую)|наб",
    "тупик": r"тупик[еау]?|туп",
    "микрорайон": r"микрорайон[еау]?|мкрн?|м-н",
    "аллея": r"алле[яеию]",
    "тракт": r"тракт[еау]?",
}
_TYPE = rf"(?i:{'|'.join(TYPES.values())})(?![а-яёА-ЯЁ-])"
_TYPE_AFTER = (
    r"проспект[еа]?|пр-к?т|шоссе|бульвар[еа]?|б-р|проезд[е]?|переул(?:ок|ке)|пер|ул|улиц[аеы]|площад[ьи]"
    r"|набережн(?:ая|ой)|тупик[е]?|тракт"
)

_LETTER = r"(?:[а-яА-Я](?![а-яёА-ЯЁ\d])| ?«[А-Яа-я]»| ?\"[А-Яа-я]\"| [А-ДЖ](?![\w.]))"
_HOUSE = (
    rf"[№N]?\s?(?P<house>\d{{1,3}}(?!\s(?i:марта|мая|июля|октября|января|декабря)(?![а-яё])){_LETTER}?"
    rf"(?:/\d{{1,3}}{_LETTER}?)?)"
    r"(?:[\s,]{0,2}(?i:корпус|корп|кор|к)(?![а-яёА-ЯЁ])\.?\s?№?\s?(?P<block>\d{1,2}(?!\d)|[А-Яа-я](?![\w.])))?"
    r"(?:[\s,]{0,2}(?i:строение|стр|литера?|лит)(?![а-яё])\.?\s?№?\s?(?P<building>\d{1,2}|[А-Яа-я])(?!\w))?"
)
_FLAT = (
    r"(?i:квартир[аеуы]|кварт|кв-ра|кв|офис[е]?|оф|комнат[аеу]|комн|ком|помещени[ея]|пом)(?![а-яё])\.?\s?[№N]?\s?"
    r"(?P<flat>\d{1,4}[а-яА-Я]?)(?!\w)"
)
_ENTRANCE = (
    r"(?:(?i:подъезд[еа]?|подьезд|под|п-д)(?![а-яё])\.?\s?№?\s?(?P<entrance>\d{1,2})(?!\d)"
    r"|(?<![\d.])(?P<entrance_before>\d{1,2})(?:-?[ймое]{1,2})? ?(?i:подъезд[еа]?|подьезд)(?![а-яё]))"
)
_FLOOR = r"(?:(?i:этаж|эт)(?![а-яё])\.?\s?\d{1,2}(?!\d)|\d{1,2}(?:-?[йме]{1,2})? ?(?i:этаж[е]?|эт)(?![а-яё]))"
_TAIL = (
    r"(?P<tail>\s?[-–—]\s?(?P<dashed>\d{1,4})(?![\d\-–/:]|[.,]\d)"
    r"|,\s?(?P<listed>\d{1,4})(?=\.?\s*(?:\n|$)|\.\s|\))"
    rf"|(?:{_GAP}(?:{_FLOOR}|{_ENTRANCE}|{_FLAT})){{0,4}})"
)
_PLACED = rf"(?:{_GAP}|\s?[-–—]\s?)(?:(?i:(?:в )?дом[еа]?|д)(?![а-яё])\.?\s?)?{_HOUSE}{_TAIL}"
_START = r"(?<![А-Яа-яЁё-])"

#: ул. Тютчева, д. 12, кв. 45
TYPED = re.compile(rf"{_START}(?P<type>{_TYPE})\.?\s?(?P<name>{_NAME}){_PLACED}")
#: Московское шоссе 105-44
TYPED_AFTER = re.compile(
    rf"{_START}(?P<name>(?:{_ORDINAL} )?[А-ЯЁ][а-яё-]{{2,24}}) (?P<type>{_TYPE_AFTER})(?![а-яё])\.?{_PLACED}"
)
#: дом 7 по улице Лесной, квартира 18
HOUSE_FIRST = re.compile(
    rf"{_START}(?i:дом[еа]?)\s?{_HOUSE} по (?P<type>{_TYPE})\.? ?(?P<name>{_WORD}(?: {_WORD})?)"
    rf"(?P<tail>(?:{_GAP}(?:{_FLOOR}|{_ENTRANCE}|{_FLAT})){{0,4}})(?=\s?[,.;!?)\n]|$)"
)
#: улица Минская, with nothing behind it
TYPED_ALONE = re.compile(rf"{_START}(?P<type>{_TYPE})\.?\s?(?P<name>{_NAME})(?=\s?(?:[,.;!?)\n]|$))")
#: Карла Маркса 18-40
BARE = re.compile(
    rf"(?<![А-Яа-яЁё\d-])(?P<name>(?:8 (?=[Мм]арта)|1 (?=[Мм]ая)|\d{{1,2}}-[йя] )?{_WORD}(?: {_WORD})?){_PLACED}"
)

LONE_HOUSE = re.compile(rf"(?<![А-Яа-яЁё])(?i:дом[аеу]?|д\.)\s?{_HOUSE}")
LONE_FLAT = re.compile(
    rf"(?<![А-Яа-яЁё])(?:{_FLAT}|(?i:из)\s(?P<flat_before>\d{{1,4}})(?:-?(?:ой|й))?\s(?i:квартир[ыеу])(?!\w))"
)
LONE_ENTRANCE = re.compile(rf"(?<![А-Яа-яЁё\d-]){_ENTRANCE}")

_GENDERS = {"улица": "femn", "площадь": "femn", "набережная": "femn", "аллея": "femn", "шоссе": "neut"}
_RANKS = frozenset(
    {
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
        "верхняя",
        "нижняя",
    }
)
_FEMALE_SURNAMES = frozenset({"крупской", "ковалевской", "космодемьянской", "перовской", "островской", "плевицкой"})
#: Endings of surnames in the genitive, for those that the dictionary has not.
_GENITIVE = re.compile(r"[а-яё]{2}(?:ова|ева|ёва|ина|ского|цкого)$")
_NOUNS = frozenset(
    """мира победы свободы труда октября марта мая космонавтов строителей молодёжи молодежи революции дружбы юности
    коммунаров пионеров кооперации металлургов шахтёров энергетиков""".split()  # noqa: SIM905 one word list
)


def kind_of(written: str) -> str:
    """Name the type of a street by the word written for it."""
    return next(kind for kind, words in TYPES.items() if re.fullmatch(words, written.lower()))


def nominative(written: str, *, declined: bool, kind: str = "улица") -> str:
    """Give a street's name with capitals; `declined`: a preposition or a type word put it in another case."""
    words = written.split()
    words[-1] = respelled(words[-1])
    last = words[-1].lower()
    if declined and last.endswith(("ой", "ей", "ую", "юю", "ом", "ем")) and last not in _FEMALE_SURNAMES:
        gender = _GENDERS.get(kind, "masc")
        adjective = can_be(last, "ADJF", gender, "sing")
        right = adjective.inflect({"nomn"}) if adjective else None
        words[-1] = right.word if right else words[-1]
        words[0] = re.sub(r"^(\d+-)й$", r"\1я", words[0])
    return capitalised(" ".join(words))


def belongs(first: str, last: str) -> bool:
    """Tell whether two words are one street: Карла Маркса, Генерала Глазунова, 8 Марта."""
    if first[0].isdigit() or first.lower() in _RANKS:
        return True
    return bool(can_be(first, "Name", "gent")) and not can_be(first, "Surn", "nomn") and bool(can_be(last, "gent"))


def is_street_form(word: str) -> bool:
    """Tell a word that a street may be called by: Суворова, Ладожская, Мира."""
    right = respelled(word)
    if right.lower() in _NOUNS or can_be(right, "Surn", "gent"):
        return True
    if word[0].isupper() and _GENITIVE.search(word.lower()) and (not is_known(word) or can_be(word, "Geox")):
        return True
    adjective = right.lower().endswith(("ая", "яя")) and can_be(right, "ADJF", "femn", "nomn")
    return bool(adjective) and (word[0].isupper() or not can_be(right, "ADJF", "Qual"))


def is_common(word: str) -> bool:
    """Tell a word of everyday speech, which no street without a type word is called by."""
    return is_known(word) and bool(can_be(word, "nomn"))
