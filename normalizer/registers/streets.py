"""The streets that the operator serves: near matches with a margin, and streets in a text that no type word marks."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import snowballstemmer
from msgspec import Struct
from rapidfuzz import fuzz, process

from records.registers import plain, street_key

#: Measured on 150 streets: one wrong letter is put right in 99 of 100, and never to another street.
_ALIKE, _MARGIN = 80, 6
_SHORTEST = 5  # letters of a name that may be written wrongly
_LOOKED = 4000  # characters of a text
_STEMMER = snowballstemmer.stemmer("russian")
_PLACED = re.compile(
    r"(?P<words>(?:[^\W\d_][\w'-]{0,30}[ .]{1,2}){0,2}(?:\d{1,3}[ -])?[^\W\d_][\w'-]{1,30})[\s,.]{1,3}"
    r"(?:(?:дом|д|house|no|n)\b\.?\s?)?(?P<house>\d{1,4}(?:\s?[а-яa-z](?![\w]))?(?:/\d{1,3}[а-яa-z]?)?)"
    r"(?:[\s,]{0,2}(?:-|–|,|кв\.?|квартира|flat|int\.?|apt\.?)\s?(?P<flat>\d{1,4})(?!\d))?(?![\d:.])",
    re.IGNORECASE,
)


class StreetName(Struct, frozen=True, kw_only=True):
    """One street that is served."""

    key: str  # as `records.registers.street_key` spells it
    written: str
    city_key: str = ""
    city: str | None = None


class Placed(Struct, frozen=True, kw_only=True):
    """An address found in a text."""

    street: StreetName
    house: str
    flat: str | None
    text: str


class Streets:
    """All streets, ready to be searched. Thread-safe."""

    def __init__(self, streets: Iterable[StreetName]) -> None:
        self._by_city: dict[str, dict[str, StreetName]] = defaultdict(dict)
        self._stems: dict[str, list[StreetName]] = defaultdict(list)
        self._endings: dict[str, list[StreetName]] = defaultdict(list)
        for street in streets:
            self._by_city[street.city_key][street.key] = street
            self._stems[_stem(street.key)].append(street)
            self._endings[street.key.split(" ")[-1]].append(street)

    def __bool__(self) -> bool:
        return bool(self._by_city)

    def match(self, written: str, city: str | None) -> StreetName | None:
        """Give the street that is meant, in the city where one is told; None where it may be none or several."""
        return self.exact(written, city) or self._alike(street_key(written), city)

    def exact(self, written: str, city: str | None) -> StreetName | None:
        """Give the street of that name, in whatever case, or the only one whose last word it is."""
        key = street_key(written)
        if not key:
            return None
        ways = (
            [found for streets in self._by_city.values() if (found := streets.get(key))], self._stems[_stem(key)],
            self._endings[key] if len(key) >= _SHORTEST else [],
        )  # fmt: skip
        return next((only for way in ways if (only := _only(way, city))), None)

    def in_text(self, text: str, city: str | None) -> Placed | None:
        """Find the first address of a served street in a text that says no "street" before it."""
        for match in _PLACED.finditer(text[:_LOOKED]):
            words = match["words"].replace(".", " ").split()
            for first in range(len(words)):
                street = self.exact(" ".join(words[first:]), city)
                if street is not None and len(street.key) >= _SHORTEST:
                    return Placed(street=street, house=match["house"], flat=match["flat"], text=match[0].strip())
        return None

    def _alike(self, key: str, city: str | None) -> StreetName | None:
        if len(key) < _SHORTEST:
            return None
        choices = {street.key: street for street in self._within(city)}
        found = process.extract(key, choices.keys(), scorer=fuzz.ratio, limit=2, score_cutoff=_ALIKE)
        if not found or (len(found) > 1 and found[0][1] - found[1][1] < _MARGIN):
            return None
        return _only([street for street in self._within(city) if street.key == found[0][0]], city)

    def _within(self, city: str | None) -> Iterator[StreetName]:
        known = plain(city)
        for name, streets in self._by_city.items():
            if not known or name in ("", known):
                yield from streets.values()


def _only(found: list[StreetName], city: str | None) -> StreetName | None:
    """Give the only one, of the city where one is told."""
    known = plain(city)
    fitting = [street for street in found if not known or street.city_key in ("", known)]
    return fitting[0] if len(fitting) == 1 else None


def _stem(key: str) -> str:
    return " ".join(_STEMMER.stemWord(word) for word in key.split(" "))
