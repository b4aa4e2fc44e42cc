"""Words that tell when a fault began, by language, each with its way to the day."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from normalizer.fields import dates
from normalizer.fields.numerals import chinese_digits

#: From a match and today to the day that is told.
Reader = Callable[[re.Match[str], date], date | None]

_COUNTS = {
    "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7, "пару": None, "двое": 2, "трое": 3,
    "un": 1, "una": 1, "due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7,
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "втор": 2, "трет": 3, "четв": 4, "пят": 5, "шест": 6, "седьм": 7, "secondo": 2, "terzo": 3, "quarto": 4,
    "second": 2, "third": 3, "fourth": 4, "半": None,
}  # fmt: skip


def _count(written: str | None) -> int | None:
    if not written:
        return 1
    if written.isdigit():
        return int(written)
    return _COUNTS.get(written.lower()) or _COUNTS.get(written.lower()[:4]) or _chinese(written)


def _chinese(written: str) -> int | None:
    digits = chinese_digits(written)
    return int(digits) if digits.isdecimal() else None


def _ago(days: int) -> Reader:
    return lambda _, today: today - timedelta(days=days)


def _units(unit: int, less: int = 0) -> Reader:
    """Read a count of units of so many days: 2 недели; `less` for an ordinal: второй день began one day ago."""

    def read(match: re.Match[str], today: date) -> date | None:
        count = _count(match["count"])
        return today - timedelta(days=unit * (count - less)) if count and count * unit < 400 else None

    return read


def _weekday(match: re.Match[str], today: date) -> date | None:
    """Read the weekday before today; с прошлого четверга, since last Thursday: that of the week before this one."""
    return _last_week(match, today) if match["last"] else dates.weekday(match["weekday"], today)


def _nearest(match: re.Match[str], today: date) -> date | None:
    """Read giovedì scorso: in Italian the last such day that is past."""
    return dates.weekday(match["weekday"], today, earlier=bool(match["last"]))


def _month(_: re.Match[str], today: date) -> date:
    return dates.month_before(today)


def _last_week(match: re.Match[str], today: date) -> date | None:
    monday = today - timedelta(days=today.weekday() + 7)
    return dates.weekday(match["weekday"], monday + timedelta(days=6))


_TIME = r"(?:в |с |около |примерно |at |alle |dalle |ore )?\d{1,2}[:.]\d\d(?: ?(?:ч|час\w*|utc|мск))?,? "
_RU_FAULT = (
    r"(?<!\w)(?:не ?работа|нет(?= )|без(?= )|отсутств|пропа[дл]|не ?показыв|отключ|сижу|сидим|не ?могу|молчит"
    r"|не ?грузит|исчез|слома|не ?вид|обрыв|лежит|глючит"
    r"|тормоз|мучае|не функц|проблем|ничего не|авари)"
)
_RU_DAY = r"(?:понедельника|вторника|среды|четверга|пятницы|субботы|воскресенья)"
_RU_ON_DAY = r"(?:понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье)"
_RU_NUMBER = r"(?P<count>\d{1,2}|дв[аеу]|двое|трое|три|четыре|пять|шесть|семь)"
_EN_NUMBER = r"(?P<count>\d{1,2}|a|one|two|three|four|five|six|seven)"
_IT_NUMBER = r"(?P<count>\d{1,2}|un[ao]?|due|tre|quattro|cinque|sei|sette)"
_ZH_NUMBER = r"(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,3})"

#: What tells the beginning, the surest first; each with its reading.
_PATTERNS: dict[str, list[tuple[str, Reader]]] = {
    "ru": [
        (
            (
                rf"(?<!\w)(?:с|со|начиная с)\s(?:(?:утра|обеда|вечера|ночи|бури|грозы|урагана|аварии"
                rf"|ремонта) )?(?:{_TIME})?{dates.DOTTED}"
            ),
            dates.read,
        ),
        (
            rf"(?:начал\w*|дата|время|возникл\w|случил\w+|произош\w+)(?: \w{{3,14}})?:? (?:{_TIME})?{dates.DOTTED}",
            dates.read,
        ),
        (rf"{_RU_FAULT}\w{{0,6}}(?: \w{{1,12}}){{0,2}} {dates.DOTTED}", dates.read),
        (
            (
                rf"(?<![\d.\w]){dates.DOTTED}г?\.?,? (?:\w{{2,10}} ){{0,2}}(?:пропал|отключил|исчез|перестал|сломал"
                rf"|оборвал|не стало|случил|сгорел|упал)"
            ),
            dates.read,
        ),
        (r"(?<!\w)(?:с позавчера|позавчера(?: \w+){0,2} (?:пропал|отключ|переста|исчез|сломал))", _ago(2)),
        (
            (
                r"(?<!\w)(?:со вчера|с вчера|со вчерашн|вчера(?:,? \w+){0,3} (?:пропал|отключ|переста|исчез|сломал"
                r"|не ?работ|нет |оборв|не стало)"
                r"|(?:пропал|отключил|перестал|исчез|сломал|не ?работает)\w{0,3}(?: \w+){0,3} (?:ещё "
                r"|еще )?вчера(?!\w))"
            ),
            _ago(1),
        ),
        (rf"(?<!\w)с (?P<last>прошл\w+ )?(?P<weekday>{_RU_DAY})", _weekday),
        (
            (
                rf"(?:пропал|отключил|исчез|перестал|сломал|отвалил|оборвал)\w{{0,3}}(?: \w+){{0,2}}"
                rf" во? (?P<last>прошл\w+ )?(?P<weekday>{_RU_ON_DAY})"
            ),
            _weekday,
        ),
        (
            (
                rf"(?<!\w)во? (?P<last>прошл\w+ )?(?P<weekday>{_RU_ON_DAY})(?:,? \w+){{0,3}}"
                r" (?:пропал|отключил|исчез|перестал|сломал|отвалил|оборвал)"
            ),
            _weekday,
        ),
        (r"(?<!\w)so? (?P<last>)(?P<weekday>ponedelnika|vtornika|sredy|chetverga|pyatnicy|subboty)", _weekday),
        (
            (
                r"(?<!\w)(?:с (?:самого )?(?:(?:сегодняшнего )?утра|обеда|ночи|полудня|рассвета|сегодня)(?!\w)"
                r"|с (?:\d{1,2}(?:[:.]\d\d)?|часу|дву|двух|тр[её]х|четыр[её]х|пяти|шести|семи|восьми|девяти|десяти"
                r"|одиннадцати|двенадцати) ?(?:час\w*|ч\.?)? ?(?:ночи|утра|дня)(?! ?(?:до|по) )"
                r"|сегодня(?: \w+){0,3} (?:пропал|отключ|переста|исчез|сломал|не ?работ|нет )"
                r"|с \d{1,2}(?:[:.]\d\d|-[0-5][05])(?!\d|\.\d)(?! ?(?:до|по) )|(?:пропал|отключил|отвалил|перестал"
                r"|исчез"
                r"|сломал)\w{0,3}(?: \w+){0,2} сегодня|(?:пол)?часа? назад|\d{1,2} (?:мин\w*|час\w*) назад|(?:уже"
                r"|около) (?:\d |два |три |четыре )?час\w? (?:нет|не |без)|\d{1,2} мин\w* (?:нет|не |без))"
            ),
            _ago(0),
        ),
        (r"(?<!\w)(?P<count>втор|трет|четв[её]рт|пят|шест|седьм)\w{1,3} (?:день|сутки)", _units(1, 1)),
        (r"(?<!\w)(?P<count>\d{1,2})-?(?:й|ые|е|ый|ий) (?:день|сутки)", _units(1, 1)),
        (r"(?<!\w)(?:уже|целые|больше) сутки(?!\w)|(?<!\w)сутки (?:нет|не |без)", _ago(1)),
        (r"(?<!\w)(?P<count>\d{1,2}) день(?!\w)", _units(1, 1)),
        (rf"последни[ех] {_RU_NUMBER} (?:дн\w+|сут\w+)", _units(1)),
        (
            (
                rf"(?:уже|около|целых|почти) {_RU_NUMBER} (?:дн\w+|суток|сутки)(?! назад (?:подал|пода|писал"
                rf"|звонил|остав))"
            ),
            _units(1),
        ),
        (
            (
                rf"(?<!\w)(?<!через )(?<!за )(?<!каждые )(?<!раз в ){_RU_NUMBER} (?:дн\w+|суток|сутки"
                rf"|день)[,:]? (?:как |подряд |уже |я )?{_RU_FAULT}"
            ),
            _units(1),
        ),
        (rf"(?!не работал){_RU_FAULT}\w{{0,6}}(?: \w{{1,14}}){{0,2}} {_RU_NUMBER} (?:дн\w+|суток|сутки)", _units(1)),
        (
            rf"{_RU_NUMBER} (?:дн\w+|суток) назад(?:,? \w+){{0,2}} (?:пропал|отключ|переста|исчез|слома|оборв)",
            _units(1),
        ),
        (rf"(?:уже|целую|около|почти|больше|более) (?:{_RU_NUMBER} )?недел\w(?!\w)", _units(7)),
        (rf"(?:{_RU_NUMBER} |(?<!ю ))недел[юиь](?:,| как| подряд)? {_RU_FAULT}", _units(7)),
        (rf"{_RU_FAULT}\w{{0,6}}(?: [^\W\d]{{1,14}})? (?:{_RU_NUMBER} )?недел[юиь](?!\w)", _units(7)),
        (
            (
                rf"(?:уже|целый|около|почти) месяц(?!\w)|(?<!за )(?<!в )месяц {_RU_FAULT}"
                rf"|{_RU_FAULT}\w{{0,6}}(?: \w{{1,14}})? месяц(?!\w)"
            ),
            _month,
        ),
        (r"u(?:zh|j)e (?P<count>\d{1,2}) (?:dn|den)", _units(1)),
        (rf"(?<!\w)so? {dates.DOTTED}", dates.read),
        (r"(?<!\w)so? vchera", _ago(1)),
        (r"(?<!\w)s (?:utra|nochi|obeda|segodnya)(?!\w)", _ago(0)),
    ],
    "zh": [
        (rf"(?:[从自]|于)?{dates.DATE}[^，。！？\n]{{0,8}}(?:起|开始|中断|以来|到现在|至今|发生)", dates.read),
        (rf"[从自]{dates.DATE}", dates.read),
        (r"[从自]?前天(?!报|打|申|来)", _ago(2)),
        (r"[从自]?(?:昨天|昨晚|昨日|昨夜)(?!报|打|申|来|就报)", _ago(1)),
        (
            (
                r"[从自]?(?:今天|今早|今日|今晨|今天早上|早上)[^，。！？\n]{0,8}(?:起|开始|就|中断|断)"
                r"|从(?:今天|今早|今日|早上|上午|中午|凌晨|下午)"
            ),
            _ago(0),
        ),
        (
            r"(?:从|自)(?P<last>上)(?:周|个?星期|礼拜)(?P<weekday>[一二三四五六日天])",
            _last_week,
        ),
        (r"(?:从|自)(?:本|这|这个)?(?:周|星期|礼拜)(?P<last>)(?P<weekday>[一二三四五六日天])", _weekday),
        (rf"(?:已经|已|有|都|快)?{_ZH_NUMBER}(?:天|日)(?:了|没|不|上不|都|前|以来)", _units(1)),
        (rf"{_ZH_NUMBER}(?:周|个星期|个礼拜|星期)(?:了|没|不|前)", _units(7)),
        (r"(?:断|坏|停|用不了|不通|使用|不了网|没网|没信号|没有信号)了?(?:已经|有)?" + _ZH_NUMBER + "天", _units(1)),
    ],
    "it": [
        (
            (
                rf"(?:dal|dall'|a partire dal|fin dal|dallo|dalla (?:mattina|sera|notte) del)(?: giorno)? ?(?:{_TIME})?"
                rf"{dates.DATE}"
            ),
            dates.read,
        ),
        (r"(?:da|dall['’])(?: ?l['’])?(?:altro ?ieri|altroieri)", _ago(2)),
        (
            r"(?:da |dalla (?:sera|notte) di )ieri|ieri(?: \w+){0,2} (?:è |si è |ha )?(?:smesso|saltat|cadut|sparit)",
            _ago(1),
        ),
        (
            (
                r"(?:da|dalle \d{1,2}(?:[:.]\d\d)?) (?:di )?(?:oggi|stamattina|stamani|stamane|questa mattina|stanotte)"
                r"|dalle (?:ore )?\d{1,2}[:.]\d\d(?! ?(?:alle|di ieri|del)|\d|[.:]\d)"
            ),
            _ago(0),
        ),
        (
            (
                r"(?:da|dallo|dalla)(?: lo)? (?:scors[oa] )?(?P<weekday>luned[iì]|marted[iì]|mercoled[iì]|gioved[iì]"
                r"|venerd[iì]|sabato|domenica)(?P<last> scors[oa])?"
            ),
            _nearest,
        ),
        (rf"da (?:circa |ormai |già |oltre )?{_IT_NUMBER} (?:giorn[io]|gg)", _units(1)),
        (rf"da (?:circa |ormai |già |oltre )?{_IT_NUMBER} settiman[ae]", _units(7)),
        (r"da (?:circa |ormai |già )?un mese", _month),
    ],
    "en": [
        (
            (
                rf"(?:since|from|starting|as of|began on|started on|start(?: time)?:"
                rf"|down on)(?: the)?(?: (?:morning|afternoon|evening|night) of)? (?:{_TIME})?{dates.DATE}"
            ),
            dates.read,
        ),
        (r"(?:since|from) the day before yesterday", _ago(2)),
        (
            (
                r"(?:since|from) (?:yesterday|last night)|(?:stopped working|went (?:down|off|dead)|died|failed"
                r"|broke)(?: \w+){0,2} (?:yesterday|last night)"
            ),
            _ago(1),
        ),
        (
            (
                r"(?:since|from) (?:(?:about |around )?\d{1,2}(?::\d\d)?(?: ?am| o'?clock)? this morning|this morning"
                r"|today|early this morning|\d{1,2}(?::\d\d)? ?[ap]m(?: today)?(?! (?:on|yesterday|last))"
                r"|\d{1,2}[:.]\d\d(?: (?:utc|gmt|cet|local(?: time)?))?(?: today)?(?!\d|[:.]\d| ?(?:[ap]m|to|till"
                r"|until|on"
                r"|yesterday|utc|gmt|cet|local)))"
                r"|(?:stopped working|went (?:down|off|dead)|died|failed|cut|damaged|broke)(?: \w+){0,3} this morning"
            ),
            _ago(0),
        ),
        (
            r"(?:since|from) (?P<last>last )?(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
            _weekday,
        ),
        (
            (
                r"(?:stopped working|went (?:down|off|dead)|died|failed"
                r"|broke)(?: \w+){0,2} on (?P<last>)(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday"
                r"|sunday)"
            ),
            _weekday,
        ),
        (
            (
                rf"(?:for|in)(?: the)?(?: (?:last|past|about|over|almost|nearly|around))? {_EN_NUMBER} days?(?! (?:to"
                rf"|free))"
            ),
            _units(1),
        ),
        (rf"{_EN_NUMBER} days (?:now|without|ago)", _units(1)),
        (rf"(?:for|in)(?: the)?(?: (?:last|past|about|over|almost|nearly|around))? {_EN_NUMBER} weeks?", _units(7)),
        (r"for (?:about |over |almost )?a month", _month),
    ],
}
BEGINNINGS = {
    language: [(re.compile(pattern), reader) for pattern, reader in patterns]
    for language, patterns in _PATTERNS.items()
}
