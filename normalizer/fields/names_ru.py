"""Russian names: who reports, in the nominative. Streets and numbers have been claimed before."""

import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from normalizer.fields.passages import CONTACT, Candidate, Passage, lower
from normalizer.fields.russian import can_be, is_known, parses, roles

_MOST = 400
_TOKEN = re.compile(r"[А-ЯЁа-яё]{2,24}(?:-[А-ЯЁ][а-яё]{1,24})?|(?<![А-Яа-яЁё\d])(?<!\d )[А-ЯЁа-яё]\.")
_GAP = re.compile(r"[ \u00a0]{0,2}")

_ROLES = {"surname": "Surn", "name": "Name", "patronymic": "Patr"}
_FORMS = (
    ("surname", "name", "patronymic"),
    ("name", "patronymic", "surname"),
    ("surname", "initial", "initial"),
    ("initial", "initial", "surname"),
    ("name", "patronymic"),
    ("name", "surname"),
    ("surname", "name"),
    ("surname", "initial"),
    ("initial", "surname"),
    ("kin", "name"),
    ("name", "initial"),
    ("name",),
    ("surname",),
)
_KIN = frozenset({"баба", "бабушка", "дед", "дедушка", "тётя", "тетя", "дядя"})

_RELATIVES = (
    r"(?:дочь|дочка|сын|муж|жена|супруга?|внук|внучка|сосед|соседка|мать|мама|отец|сестра|брат|племянник|племянница"
    r"|невестка|зять)"
)
#: What stands before the reporter's name, the case that the name then has, and how sure it is; they meet lower-case
#: text. Who says "I" is surer than whom a report names.
_CUES = (
    (
        "nomn",
        0.96,
        re.compile(
            rf"(?<!\w)(?:(?:я|это|пишет|звонит|беспокоит)(?: вам)?,? (?:(?:его|е[её]|их) )?{_RELATIVES}"
            rf"|зовут(?: меня)?|я,?)"
            r"[\s,:–—-]{1,4}(?=[а-яё])"
        ),
    ),
    (
        "gent",
        0.95,
        re.compile(
            r"(?:\A|[\n.!?\"»”),]\s{0,3}|\s{2})от(?:\s(?:абонента|гр\.?|граждан\w+|жител\w+|клиента"
            r"|собственника))?[\s:]{1,3}(?=[а-яё])"
        ),
    ),
    ("datv", 0.95, re.compile(r"(?<!\w)(?:звонить|позвон\w{0,4}|перезвон\w{0,4}|обращаться к)\s(?:мне )?(?=[а-яё])")),
    (
        "nomn",
        0.9,
        re.compile(
            r"(?:\A|[\n.!?;,]\s{0,3})(?:(?:ст|гл|зам)\. ?|главн\w+ )?(?:секретарь|директор|бухгалтер|управляющ\w+"
            r"|заведующ\w+|врач|медсестра|сторож|вахт[её]р|председатель|старост\w|начальник|юрист|завхоз|комендант|депутат|пенсионер(?:ка)?|ветеран"
            r"|администратор|системный администратор|сисадмин)\s(?=[а-яё])"
        ),
    ),
    ("accs", 0.95, re.compile(r"(?<!\w)спросить\s(?=[а-яё])")),
    (
        "nomn",
        0.95,
        re.compile(
            r"(?<!\w)(?:это|мо[её] имя|имя|фамилия|ф\.?\s?и\.?\s?о\.?|абонент|клиент(?=:)|заявитель|собственник"
            r"|контактное лицо|конт\.? ?лицо|контакт|контактные данные|админ|ответственн\w+"
            r"|(?:дежурн\w+|инженер|бухгалтер|директор|администратор|председатель|менеджер)(?=:)"
            r"|уважением|с ув|подпись|беспокоит|пишет(?: вам)?"
            r"|(?:главн|системн|генеральн|исполнительн|техническ)[а-яё]{2,3})[\s.,:;!–—-]{1,4}"
            r"(?:(?:[а-яё]+н(?:ый|ая) )?(?:администратор|инженер|директор|бухгалтер|специалист|менеджер"
            r"|руководитель|диспетчер)\s)?(?=[а-яё])"
        ),
    ),
)
_KINSMAN = re.compile(_RELATIVES)
#: At the head of a sentence, before a telephone: "Внук Никита, мой телефон …".
_KIN_BEGINS = re.compile(rf"(?:\A|[\n.!?]\s{{0,3}}){_RELATIVES}\s$", re.IGNORECASE)
_NOT_HIM = re.compile(
    r"(?<!\w)(?:уважаем\w+|здравствуйте,?|добр\w+ (?:день|вечер|утро|дня),?|привет,?|мастер\w*|монт[её]р\w*|инженер\w*"
    r"|оператор\w*|менеджер\w*"
    r"|специалист\w*|сотрудни\w+|консультант\w*|диспетчер\w*|муж\w{0,2}|жен[аыуе]|сын\w{0,2}|доч\w{1,5}|брат\w?"
    r"|внук\w?|внучк\w|племянни\w+|хозя\w+|сестр\w|мам\w|пап\w"
    r"|сосед\w*|имени|им\.|имя на|на|в|с|к|до|из|у|по|и|улиц\w|директору|начальнику|руководителю"
    r"|господин\w?|госпожа|техник\w?"
    r"|бригад\w+|город\w?|тариф\w*|приезжал\w?|приходил\w?|звонил\w?)\s{1,2}\(?$",
    re.IGNORECASE,
)
_PHONE_AFTER = re.compile(
    r"[\s,.;:()–—-]{0,4}(?:(?:т|тел|телефон|моб|мобильный|сот|сотовый|м|конт|контактный|мой|номер|для связи"
    r"|whatsapp|ватсап)[\s.:,№-]{0,3}){0,3}\x01",
    re.IGNORECASE,
)
_PHONE_BEFORE = re.compile(r"\x01[\s,.;:()–—-]{0,4}$")
#: A woman's surname in the nominative, also where the dictionary knows only the man's.
_WOMAN = re.compile(r"[а-яё](?:[оеё]ва|[иы]на|[сц]кая)$")
#: The customer's address or account behind the name, and what ends a sentence before it.
_ADDRESS_AFTER = re.compile(
    r"[\s,;(–—-]{1,4}(?:адрес|прожива\w+|жив[уё]\w?|(?:г|гор|п|пос|с|дер|д|ул|пр|мкр)\.)?(?: по адресу)?[\s:,]{0,3}\0"
    r"|[\s,;(–—-]{1,4}(?:л/?\.?с|л\.?сч|лиц\w*|дог\w*|абонент\w*|логин|номер договора)[а-я. №:]{0,12}\0",
    re.IGNORECASE,
)
_ENDED_BEFORE = re.compile(r"(?:[\n.!?;)(\x01]|^)[\s,–—-]{0,4}$")
_SURNAME_ENDING = re.compile(r"(?:[оеё]ва?|ина?|ск(?:ий|ая)|[уюе]к|ко|их|ян|дзе|швили)$")
#: A letter's head: "от жителя дома 7", and the name on the next line.
_FROM = re.compile(r"(?:\A|\n)\s{0,3}от\s[^.!?\n]{0,60}\n\s{0,3}$", re.IGNORECASE)
_INITIALS = re.compile(r"\s[а-яё]\.\s?[а-яё]\.")
_DATE_AROUND = re.compile(r"[\d.]{6,10}г?\.?")


class _Token(Struct, frozen=True):
    word: str
    start: int
    end: int


def names(passage: Passage, *, own: bool = False) -> Iterator[Candidate]:
    """Find the reporter's name; `own` says that the text is the sender's signature, who names nobody but himself."""
    text = lower(passage.open)
    cued = {
        found.end(): (case, sure) for case, sure, cue in reversed(_CUES) for found in islice(cue.finditer(text), _MOST)
    }
    tokens = [_Token(found[0], *found.span()) for found in islice(_TOKEN.finditer(passage.open), _MOST * 20)]
    place = tried = 0
    while place < len(tokens) and tried < _MOST:
        token = tokens[place]
        place += 1
        if not token.word[0].isupper() and token.start not in cued and not _is_placed(passage, token):
            continue
        if not _may_begin(token.word):
            continue
        tried += 1
        found = _name_at(passage, _run(passage, tokens, place - 1), cued.get(token.start), own=own)
        if found is not None:
            candidate, length = found
            place += length - 1
            yield from [candidate] if candidate else []


def _may_begin(word: str) -> bool:
    """Tell whether a name may begin with the word."""
    return word.endswith(".") or word.lower() in _KIN or bool(roles(word)) or _is_stranger(word)


def _is_placed(passage: Passage, token: _Token) -> bool:
    """Tell whether a name may stand here in lower case: beside a phone, before initials, at the end."""
    if CONTACT in passage.open[max(0, token.start - 6) : token.start] or len(passage.open) - token.end < 30:
        return True
    after = passage.open[token.end : token.end + 30]
    return bool(_INITIALS.match(after) or (CONTACT in after and _PHONE_AFTER.match(after)))


def _name_at(
    passage: Passage, run: list[_Token], cue: tuple[str, float] | None, *, own: bool
) -> tuple[Candidate | None, int] | None:
    """Read a name at the head of the run; the candidate is None where it is somebody else's."""
    before = passage.open[max(0, run[0].start - 100) : run[0].start]
    closes = bool(_ENDED_BEFORE.search(before) and not passage.open[run[0].end : run[0].end + 40].strip(" \n.,!;)"))
    case, told = cue or (("gent", 0.95) if _FROM.search(before) else (None, 0))
    for form in _FORMS:
        pieces = run[: len(form)]
        if len(pieces) < len(form) or not all(
            _plays(token, role, form, told=told > 0 or closes) for token, role in zip(pieces, form, strict=True)
        ):
            continue
        if len(form) == 1 and len(run) > 1 and run[1].word[0].isupper():
            return None  # half of a name that could not be read
        value = _nominative(pieces, form, case)
        if value is None:
            continue
        confidence = _confidence(passage, pieces, form, before, told=told, own=own)
        span = (pieces[0].start, pieces[-1].end)
        return passage.candidate("reporter.name", value, span, confidence) if confidence else None, len(form)
    return None


def _run(passage: Passage, tokens: list[_Token], place: int) -> list[_Token]:
    """Give up to three words that follow one another on a line."""
    run = [tokens[place]]
    for token in tokens[place + 1 : place + 3]:
        if not _GAP.fullmatch(passage.open, run[-1].end, token.start):
            break
        run.append(token)
    return run


def _plays(token: _Token, role: str, form: tuple[str, ...], *, told: bool) -> bool:
    if role == "initial":
        return token.word.endswith(".")
    if role == "kin":
        return token.word.lower() in _KIN
    if token.word.endswith("."):
        return False
    can = roles(token.word)
    if len(form) == 1:
        surname = "first:Surn" in can or ("Surn" in can and _SURNAME_ENDING.search(token.word))
        named = "first:Name" in can or (told and "Name" in can and token.word[0].isupper())
        return len(token.word) > 2 and bool(named or (surname and token.word[0].isupper()))
    if _ROLES[role] in can:
        return True
    if token.word.isupper():
        return False  # an abbreviation
    last = form == ("name", "patronymic", "surname") and token.word[0].isupper()  # nothing else follows a patronymic
    return role == "surname" and (last or (("name" in form or "initial" in form) and _is_stranger(token.word)))


def _is_stranger(word: str) -> bool:
    """Tell a capitalised word that the dictionary doesn't have: beside a given name it is a surname."""
    known = is_known(word) and not _SURNAME_ENDING.search(word)
    return word[0].isupper() and not known and not _KINSMAN.fullmatch(word.lower())


def _is_place(token: _Token) -> bool:
    """Tell a word that may as well be a village, or that is no capitalised word."""
    return not token.word[0].isupper() or can_be(token.word, "Geox") is not None


def _nominative(pieces: list[_Token], form: tuple[str, ...], case: str | None) -> str | None:
    """Write the name in the nominative, the surname before name and patronymic; None where its words don't agree."""
    words = None
    for wanted in dict.fromkeys((case or "nomn", "nomn")):
        words = words or _in_case(pieces, form, wanted)
    if words is None:
        return None
    if form in (("name", "patronymic", "surname"), ("initial", "initial", "surname"), ("initial", "surname")):
        words = [words[-1], *words[:-1]]
    text = " ".join(words)
    return re.sub(r"(?<=\.) (?=[А-ЯЁ]\.)", "", text) if _glued(pieces) else text


def _glued(pieces: list[_Token]) -> bool:
    initials = [token for token in pieces if token.word.endswith(".")]
    return len(initials) == 2 and initials[0].end == initials[1].start


def _in_case(pieces: list[_Token], form: tuple[str, ...], case: str) -> list[str] | None:
    for gender in ("masc", "femn"):
        words = [_word_in_case(token.word, role, case, gender) for token, role in zip(pieces, form, strict=True)]
        if None not in words:
            return [word for word in words if word]
    return None


def _word_in_case(word: str, role: str, case: str, gender: str) -> str | None:
    if role in ("initial", "kin"):
        return word.capitalize()
    for parse in parses(word):
        tag = parse.tag
        if _ROLES[role] in tag and case in tag and "sing" in tag and (gender in tag or "ms-f" in tag or "GNdr" in tag):
            nominative = parse if case == "nomn" else parse.inflect({"nomn"})
            return _cased(word if case == "nomn" else nominative.word if nominative else word)
    stranger = role == "surname" and ("Surn" not in roles(word) or (gender == "femn" and _WOMAN.search(word.lower())))
    return _cased(word) if stranger and case == "nomn" else None


def _cased(word: str) -> str:
    return "-".join(part.capitalize() for part in word.split("-"))


def _confidence(
    passage: Passage, pieces: list[_Token], form: tuple[str, ...], before: str, *, told: float, own: bool
) -> float:
    """Say how sure it is that this is the reporter; `told`: by a word before the name; 0 for somebody else."""
    after = passage.open[pieces[-1].end : pieces[-1].end + 60]
    if not told and _NOT_HIM.search(before):
        return 0.87 if _KIN_BEGINS.search(before) and _PHONE_AFTER.match(after) else 0
    line_before, line_after = before.rpartition("\n")[2].strip(" ,.;()"), after.partition("\n")[0].strip(" ,.;()!")
    at_end = pieces[-1].end > len(passage.open) - 4 or not passage.open[pieces[-1].end :][:200].strip(" \n.,;!)(*")
    if told:
        return told
    if (
        own
        or _PHONE_AFTER.match(after)
        or _PHONE_BEFORE.search(before)
        or (at_end and re.search(r"[\n.,!?;)\0\x01]\s*$|^$|[a-z]\s$", before))
    ):
        return 0.9 if len(form) > 1 else 0.87
    if _ADDRESS_AFTER.match(after) and _ENDED_BEFORE.search(before) and not (len(form) == 1 and _is_place(pieces[0])):
        return 0.86 if len(form) > 1 else 0.8
    if (not line_before or _DATE_AROUND.fullmatch(line_before)) and (
        not line_after or _DATE_AROUND.fullmatch(line_after)
    ):
        return 0.88 if len(form) > 1 else 0.75
    if len(form) == 3 or (len(form) == 2 and "initial" in form) or (at_end and pieces[0].word[0].isupper()):
        return 0.75
    return 0
