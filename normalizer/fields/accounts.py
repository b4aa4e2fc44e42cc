"""Numbers with a label: accounts and services, earlier record numbers, partner's numbers; and what is no number for us.

They claim their places first, for a contract number can look like a telephone number.
"""

import re
from collections.abc import Iterator
from itertools import islice

from normalizer.fields.passages import Candidate, Passage, lower
from records.numbers import QUOTED

_MOST = 30
_FILLER = (
    r"[\s.:：,#№=是为]{0,3}(?:(?:номер\w?|ном|number|numero|num|no|nr|n[°º]?|№|id|code|is|è|у меня|мой|под|на не[её]"
    r"|на него|на меня|на м[ау]\w{2,4}|на жену|на отца"
    r"|является)[\s.:：#№=]{1,3}){0,2}"
)
_DATED = r"(?:(?:от|заключ[её]н\w{0,2}(?: от)?) \d{1,2}[./]\d{1,2}[./]\d{2,4} ?г?\.?,? ?(?:№|n|n\.|номер|за №)? ?)?"
_DIGITS = r"(?P<value>\d[\d-]{2,18}\d)"
_MIXED = r"(?P<value>(?=[a-zа-я-]{0,12}\d)[\da-zа-я](?:[\da-zа-яё_/-]{1,24}[\da-zа-я]))"
_LOGIN = r"(?P<value>(?=[\w.@-]{0,30}\d|[\w.-]{0,30}_)[a-z0-9](?:[\w.-]{1,30}\w))"
#: A circuit's code: letters first, in groups, with a figure somewhere.
_CODE = r"(?P<value>(?=[a-zа-я\d/-]{0,24}\d)[a-zа-я]{1,8}(?:[-/][\da-zа-я]{1,12}){1,5})"
_END = r"(?![^\W\u3400-\u9fff]|@|[.,]\d|-\d)(?!\s?(?:руб|р\.|₽|€|мбит|mbit|mbps))"


def _label(words: str, value: str, filler: str = _FILLER) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-zа-яё])(?:{words}){filler}{_DATED}{value}{_END}")


#: What names the customer, the surest first.
_ACCOUNTS = (
    (
        0.97,
        _label(
            r"идентификатор (?:услуги|канала)|ид услуги|id услуги|(?:номер|№) (?:услуги|канала)|service id"
            r"|circuit(?: id)?|id servizio"
            r"|codice (?:circuito|servizio)|(?:电路|专线|业务)(?:代号|编号|号码|号)",
            _MIXED,
        ),
    ),
    (
        0.95,
        _label(
            r"id|ид|канал\w{0,2}|лини[яиюей]{1,2}|услуг\w|circuit[oi]?|service|servizio|leased line|(?<!d-)line|linea"
            r"|专线|电路|线路",
            _CODE,
        ),
    ),
    (
        0.95,
        _label(
            r"licevoy|l/s|л[/.\\]?\s?сч?[её]?т?\.?|лиц\w*\.? ?(?:сч\w*)?|account|acc(?:oun)?t|acc|a/c|cod(?:ice"
            r"|\.)? ?(?:cliente"
            r"|utente|abbonato)"
            r"|(?:numero|n\.) cliente|cliente|(?:cust(?:omer)?|client|account)(?: ref(?:erence)?)?|subscriber"
            r"|(?:номер|код|ид|id) абонента"
            r"|абонентский номер|абонент\w{0,2}(?= ?№)"
            r"|(?:宽带)?[账帐]号|(?:用户|客户)(?:编号|号码|号|名)",
            _MIXED,
        ),
    ),
    (
        0.94,
        _label(r"договор\w{0,3}|дог|дог-р|контракт\w{0,2}|contract|contratto|合同(?:编号|号码|号)?|dogovor\w?", _MIXED),
    ),
    (0.93, _label(r"абонент\w{0,2}", r"(?P<value>\d{3,7}(?:-\d{1,6}){0,2})")),
    (0.9, _label(r"сч[её]т\w?|сч", r"(?P<value>\d[\d-]{3,18}\d)")),
    (
        0.9,
        _label(r"логин\w?|login|username|user(?=:)|user ?id|юзер|(?:nome )?utente|учетн\w+ запис\w+|уч[её]тка", _LOGIN),
    ),
    (0.8, re.compile(r"(?<![\w@.])(?P<value>[a-z]{2,8}_\d{4,10})(?![\w@.])")),
)
#: A circuit's code that no word names, in a text about circuits.
_BARE_CODE = re.compile(r"(?<![\w-])(?P<value>[a-z]{2,8}-[\da-z]{1,8}-\d{3,8})(?![\w-])")
_ON_CIRCUITS = re.compile(
    r"канал\w{0,2} (?:связи|арендован|l\d)|арендован\w+ канал|\b[lи]?[23]?vpn|\bmpls\b|circuit|leased|专线|电路"
)
_TICKET = (
    r"заявк\w{0,2}|обращени\w{1,2}|тикет\w{0,2}|инцидент\w{0,2}|наряд\w{0,2}|жалоб\w{1,2}|тт|tt|ticket|case"
    r"|incident|report|reference|ref"
    r"|complaint|request|fault(?: report)?|(?:мегафон|билайн|мтс|ростелеком|вымпелком|теле2|ттк)\w?(?= ?№)"
    r"|rif|guasto(?= n)|segnalazione|pratica|richiesta|reclamo|申告单号?|工单号?|受理号|单号|zayavk\w"
)
_EARLIER = _label(_TICKET, r"(?P<value>\d[\d/-]{2,20}\d|[a-z]{2,6}[-#]?\d[\d/-]{2,20}\d)")
_PARTNER = re.compile(
    r"\b(?:мтс|мегафон|билайн|вымпелком|ростелеком|теле2|ттк|транстелеком|эр-телеком|partner|carrier|wholesale|noc)\b",
    re.IGNORECASE,
)
_CIRCUIT = re.compile(r"circuit|приоритет:|priority:|id услуги|потер\w+ пакетов|арендован|линк|порт ", re.IGNORECASE)
_YOURS = re.compile(r"(?:ваш\w*|your|vostr\w+|vs\.?|贵方)\s{0,2}$", re.IGNORECASE)
_ACCOUNTED = re.compile(r"(?:customer|client|account|subscriber|абонент\w*|client[ei])\s{1,2}$", re.IGNORECASE)
_OURS = re.compile(r"(?:наш\w*|our|nostr\w+|ns\.?|我方)\s{0,2}$", re.IGNORECASE)

#: Numbers that are nobody's telephone: tax, bank, passport, receipt, error and serial numbers, machines' addresses.
_NEITHER = re.compile(
    r"(?<![a-zа-яё])(?:инн|кпп|огрн(?:ип)?|бик|р/?с|к/?с|окпо|снилс|паспорт\w*|серия|чек\w{0,2}|квитанци\w+"
    r"|p\.?\s?iva|partita iva|vat"
    r"|s/?n|серийный номер|imei|mac|iban|ошибк\w+|error|errore|错误代码)[\s.:№#n-]{0,4}"
    r"(?P<value>[\da-f][\d a-f:-]{2,24})"
    r"|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b"
)
_NODE = re.compile(r"(?<!\w)(?:ДУ|КУ|РУ|ОУ)[ -]?№? ?\d{1,5}(?!\w)")


def accounts(passage: Passage) -> Iterator[Candidate]:
    """Find account, node, earlier record numbers and partner's numbers; claim them and every number that is neither."""
    yield from _references(passage)
    for found in list(islice(_NEITHER.finditer(lower(passage.open)), _MOST)):
        passage.claim(*found.span())
    for confidence, pattern in _ACCOUNTS:
        for found in list(islice(pattern.finditer(lower(passage.open)), _MOST)):
            span = found.span("value")
            passage.claim(*span)
            yield passage.candidate("affected.account", _as_written(passage, span), span, confidence)
    if _ON_CIRCUITS.search(passage.lower):
        for found in list(islice(_BARE_CODE.finditer(lower(passage.open)), _MOST)):
            passage.claim(*found.span())
            yield passage.candidate("affected.account", _as_written(passage, found.span()), found.span(), 0.8)
    for found in islice(_NODE.finditer(passage.open), 1):
        yield passage.candidate("affected.node", found[0], found.span(), 0.9)


def _as_written(passage: Passage, span: tuple[int, int]) -> str:
    """Give the number as written, unless look-alikes had to be put right in it."""
    written, repaired = passage.text[slice(*span)], passage.repaired[slice(*span)]
    return written if re.search(r"[A-Za-z]", repaired) else repaired


def _references(passage: Passage) -> Iterator[Candidate]:
    for found in list(islice(QUOTED.finditer(passage.open), _MOST)):
        passage.claim(*found.span())
        yield passage.candidate("reference", f"FR-{found[1]}-{found[2]}", found.span(), 0.98)
    partner = _PARTNER.search(passage.repaired[:80]) is not None or len(_CIRCUIT.findall(passage.repaired[:2000])) > 1
    for found in list(islice(_EARLIER.finditer(lower(passage.open)), _MOST)):
        span, before = found.span("value"), passage.before(found.start(), 12)
        if _ACCOUNTED.search(before):
            continue
        passage.claim(*span)
        foreign = (partner or found["value"][0].isalpha() or _OURS.search(before)) and not _YOURS.search(before)
        yield passage.candidate("external_id" if foreign else "reference", _as_written(passage, span), span, 0.9)
