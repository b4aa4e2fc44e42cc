"""Italian and English addresses: a type word, a name and a number."""

import re
from collections.abc import Iterator
from itertools import islice

from normalizer.fields.passages import Candidate, Passage
from normalizer.fields.translit import cyrillic_street

_TYPES = {
    "via": r"via(?! (?:e-?mail|mail|fax|sms|web|pec|cavo|internet|wi-?fi|whatsapp|telefono|etere|satellite)\b)",
    "viale": r"viale|v\.?le",
    "corso": r"corso|c\.?so",
    "piazza": r"piazza|p\.?zza|p\.za",
    "piazzale": r"piazzale|p\.?le",
    "largo": r"largo|l\.go",
    "vicolo": r"vicolo|v\.lo",
    "vico": r"vico",
    "strada": r"strada",
    "contrada": r"contrada|c\.da",
    "lungomare": r"lungomare",
    "salita": r"salita",
    "borgo": r"borgo",
    "rione": r"rione",
    "traversa": r"traversa",
    "circonvallazione": r"circonvallazione",
}
_IT_TYPE = "|".join(_TYPES.values())
_IT_WORD = r"(?:[A-Za-zÀ-ú][A-Za-zÀ-ú'’.-]{0,20}|\d{1,2}(?= [A-Za-z]))"
_ITALIAN = re.compile(
    rf"(?<![\w.])(?P<type>{_IT_TYPE})\.? (?P<name>{_IT_WORD}(?: {_IT_WORD}){{0,4}}?)(?:,? ?(?:n\.?|n[°º]|nr\.?"
    rf"|num\.?|numero|civico|n\.c\.)|,)? ?(?P<house>\d{{1,4}}(?:/\d{{1,3}})?(?:(?:/?[A-Za-z]"
    rf"| ?(?:bis|ter)|(?-i: [A-Z]))(?![\w.]))?)"
    r"(?![\d:]|[.,]\d)(?! ?(?:giorn|or[ae]\b|min|mbit|mega|euro|€))"
    r"(?:[\s,–-]{1,3}(?:(?:palazzina|pal\.?|edificio|lotto) (?P<building>\w{1,4})|(?:scala"
    r"|sc\.?) ?(?P<entrance>\w{1,3})|(?:piano|p\.) ?(?:\d{1,2}[°º]?|terra)|(?:interno"
    r"|int\.?) ?(?P<flat>\d{1,4}[A-Za-z]?)))"
    r"{0,4}",
    re.IGNORECASE,
)
_POSTED = re.compile(
    r"[\s,(–-]{0,4}(?:cap ?)?\d{5} (?P<city>[A-ZÀ-Ú][a-zà-ú'’]{1,20}(?: (?:[A-ZÀ-Ú][a-zà-ú'’]{1,20}|di|del|della"
    r"|nell'[A-Z]\w+|in|sul)){0,3})"
)
_PROVINCED = re.compile(
    r"[\s,(–-]{1,4}(?:a |in )?(?P<city>[A-ZÀ-Ú][a-zà-ú'’]{1,20}(?: [A-ZÀ-Ú][a-zà-ú'’]{1,20}){0,2}) ?\([A-Z]{2}\)"
)
#: A city that stands before the street: Torino, corso Francia 101.
_BEFORE = re.compile(r"(?<![\w.])(?P<city>[A-Z][a-zà-ú]{3,14})[,\s(–-]{1,3}$")
_LISTED = re.compile(r"[\s,(–-]{1,4}(?:a |in )?(?P<city>[A-Za-zà-ú'’]{3,15}(?: [A-Za-zà-ú]{3,12})?)")
_CITIES = frozenset(
    """roma milano napoli torino palermo genova bologna firenze bari catania venezia verona messina padova trieste
    taranto brescia parma prato modena livorno cagliari foggia perugia ravenna salerno ferrara rimini siracusa
    sassari monza bergamo pescara trento forlì vicenza terni bolzano novara piacenza ancona udine andria arezzo
    cesena lecce pesaro pisa lucca como varese pavia cremona mantova siena grosseto latina caserta cosenza
    matera potenza aosta asti alessandria cuneo imperia savona treviso rovigo belluno gorizia pordenone macerata
    ascoli viterbo rieti frosinone campobasso""".split()  # noqa: SIM905 one word list
)

_EN_TYPE = (
    r"street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|way|place|pl|square|sq|terrace|crescent|cres"
    r"|gardens|gdns|grove|hill|row|mews|walk|boulevard|blvd"
    r"|parade|park|rise|view|green"
)
_EN_FLAT = r"(?:flat|apt|apartment|unit|suite|room)\.? ?#?{}(?!\w)"
_EN_WORD = (
    r"(?!(?:mins?|minutes?|hours?|days?|weeks?|people|houses?|times?|miles?|months?|years?|of|on|in|at|the|a"
    r"|and|down|mb\w*|meg\w*)\b)[A-Za-z][A-Za-z'’-]{1,18}"
)
_ENGLISH = re.compile(
    rf"(?:{_EN_FLAT.format('(?P<flat1>[0-9]{1,4}[A-Za-z]?)')},? {{0,2}})?(?<![\w-])"
    rf"(?P<house>\d{{1,4}}[A-Za-z]?(?:-\d{{1,4}})?),? (?P<street>(?:{_EN_WORD} ){{1,3}}?(?P<type>{_EN_TYPE}))(?!\w)\.?"
    rf"(?:,? {{0,2}}{_EN_FLAT.format('(?P<flat2>[0-9]{1,4}[A-Za-z]?)')})?",
    re.IGNORECASE,
)
_EN_CITY = re.compile(
    r"(?:,\s?|\n(?=[A-Z][A-Za-z -]{2,40}(?:\n|$)))(?!\w+ Floor)"
    r"(?P<city>[A-Z][a-z]{2,18}(?:[ -](?:[A-Z][a-z]{2,18}|upon|on|under|le)){0,3})(?=[,.\n;]"
    r"|\s[A-Z]{1,2}\d|\s?$)"
)
_ABBREVIATED = {
    "st": "Street",
    "rd": "Road",
    "ave": "Avenue",
    "ln": "Lane",
    "dr": "Drive",
    "ct": "Court",
    "pl": "Place",
    "sq": "Square",
    "gdns": "Gardens",
    "cres": "Crescent",
    "blvd": "Boulevard",
}
#: A street by its ending, or any word with house and kv behind it.
_RUSSIAN = re.compile(
    r"(?<!\w)(?:ul\.? |ulitsa |ulica |at |on |adres:? |address:? )?"
    r"(?P<street>[A-Za-z]{2,20}(?:skaya|skaja|skaia|ova|eva|ina|ogo)"
    r"|(?!dom\b|ul\b|kv\b|dogovor|nomer|tel)[A-Za-z]{4,20}(?=,? (?:d\.? ?|dom )?\d{1,3}[a-z]?,? kv))"
    r"(?: (?:str?\.?|street|ul\.?))?,? (?:d\.? ?|dom )?(?P<house>\d{1,3}[a-z]?)"
    r"(?:,? (?:apt|flat|kv|apartment)\.? ?|-)(?P<flat>\d{1,4})(?!\w)",
    re.IGNORECASE,
)


def italian(passage: Passage) -> Iterator[Candidate]:
    """Find where it fails: via Garibaldi 15, int. 4, 20121 Milano."""
    for match in list(islice(_ITALIAN.finditer(passage.open), 3)):
        kind = next(kind for kind, words in _TYPES.items() if re.fullmatch(words, match["type"], re.IGNORECASE))
        name = match["name"] if match["name"] != match["name"].lower() else match["name"].title()
        yield passage.candidate("affected.address.street", f"{kind} {name}", (match.start(), match.end("name")), 0.93)
        for field in ("house", "building", "entrance", "flat"):
            if match[field]:
                yield passage.candidate(
                    f"affected.address.{field}", match[field].replace(" ", ""), match.span(field), 0.93
                )
        yield from _italian_city(passage, *match.span())
        passage.claim(*match.span())


def _italian_city(passage: Passage, start: int, end: int) -> Iterator[Candidate]:
    for pattern in (_POSTED, _PROVINCED, _LISTED):
        found = pattern.match(passage.open, end, end + 60)
        if found is None:
            continue
        city, place = found["city"], found.start("city")
        if pattern is _LISTED:
            city = city.split()[0]
            if city.lower() not in _CITIES:
                break
        yield passage.candidate("affected.address.city", city[0].upper() + city[1:], (place, place + len(city)), 0.9)
        return
    before = _BEFORE.search(passage.open[max(0, start - 20) : start])
    if before and before["city"].lower() in _CITIES:
        first = max(0, start - 20) + before.start("city")
        yield passage.candidate("affected.address.city", before["city"], (first, first + len(before["city"])), 0.9)
        passage.claim(first, start)


def english(passage: Passage) -> Iterator[Candidate]:
    """Find where it fails: Flat 3, 12 High Street, London; or a Russian street in Latin letters."""
    for match in list(islice(_ENGLISH.finditer(passage.open), 3)):
        words = match["street"].split()
        words[-1] = _ABBREVIATED.get(words[-1].lower(), words[-1])
        street = " ".join(word if word[0].isupper() else word.capitalize() for word in words)
        yield passage.candidate("affected.address.street", street, match.span("street"), 0.9)
        yield passage.candidate("affected.address.house", match["house"], match.span("house"), 0.9)
        group = "flat1" if match["flat1"] else "flat2"
        if match[group]:
            yield passage.candidate("affected.address.flat", match[group], match.span(group), 0.9)
        city = _EN_CITY.match(passage.open, match.end(), match.end() + 50)
        if city:
            yield passage.candidate("affected.address.city", city["city"], city.span("city"), 0.85)
        passage.claim(*match.span())
    yield from latin_russian(passage)


def latin_russian(passage: Passage) -> Iterator[Candidate]:
    """Find a Russian address in Latin letters: kizhevatova 11 kv 34."""
    for match in islice(_RUSSIAN.finditer(passage.open), 1):
        yield passage.candidate("affected.address.street", cyrillic_street(match["street"]), match.span("street"), 0.8)
        yield passage.candidate("affected.address.house", match["house"], match.span("house"), 0.8)
        yield passage.candidate("affected.address.flat", match["flat"], match.span("flat"), 0.8)
        passage.claim(*match.span())
