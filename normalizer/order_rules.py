"""How customers of four languages withdraw a report, ask how it stands, or add to it; what tells offers and faults.

The first rule that hits tells, so the strictest stand first. A phrase is a regular expression in which a space stands
for white space; it meets lower-case text of at most `normalizer.order.HEAD` characters with its white space folded.
"""

import re
from typing import Final

from msgspec import Struct

from records.words import Order


class Rule(Struct, frozen=True, kw_only=True):
    """One way to say it in one language."""

    order: Order
    language: str  # ISO 639-1
    said: re.Pattern[str]
    named: bool = False  # counts only where the message names the earlier report, or answers a mail about it
    peaceful: bool = False  # counts only where nothing fails in the text


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE | re.MULTILINE)


def _rule(order: Order, language: str, *phrases: str, named: bool = False, peaceful: bool = False) -> Rule:
    return Rule(order=order, language=language, said=_any(*phrases), named=named, peaceful=peaceful)


#: What customers call their report.
_RU: Final = r"(?:жалоб|претензи|тикет|инцидент|заявк|заявлен|обращени|вызов|наряд)\w{0,3}"
_IT: Final = r"(?:segnalazion[ei]|richiest[ae]|ticket|intervento|reclamo|pratica|appuntamento|chiamata)"
_EN: Final = r"(?:report|request|ticket|case|complaint|visit|appointment|fault)"
_ZH: Final = r"(?:申告|报修|工单|障碍单|申请|投诉|预约)"
_RU_END: Final = (
    r"\b(?:отзываю|отозвать|отзовите|отменяю|отмените|отменить|отменяйте|снимаю|снимите|снять|закрою|закройте|закрыть|закрывайте"
    r"|закрывать|аннулирую|аннулируйте|аннулировать)\b"
)
_WORDS: Final = r"(?:\S+ ){0,4}"

RULES: Final[tuple[Rule, ...]] = (
    _rule(
        Order.WITHDRAWAL,
        "ru",
        rf"{_RU_END}\W{{1,3}}{_WORDS}{_RU}",
        rf"{_RU} {_WORDS}{_RU_END}",
        rf"(?:отмена|отзыв|аннулирование) {_WORDS}{_RU}",
        r"(?:прошу|просьба|можете|можно|хочу|пожалуйста)\W{1,3}(?:\w+ ){0,2}"
        rf"(?:отозвать|отменить|снять|закрыть|аннулировать) {_WORDS}{_RU}",
        rf"{_RU} {_WORDS}(?:не ?актуальн|не нуж[ен]н?а?\b|можно (?:закрыть|отменить|снять|не (?:выполнять|делать)))",
        rf"считать {_WORDS}{_RU} {_WORDS}(?:отозван|недействит|закрыт)",
        r"^\W*(?:уже )?(?:не ?актуальн|отбой\b)",
    ),
    _rule(
        Order.WITHDRAWAL,
        "ru",
        r"(?:мастер\w{0,2}|монтер\w{0,2}|бригад\w|приезжать|выезд) (?:\S+ ){0,2}не (?:нуж[ен]н?|нужно|надо|требуется)",
        r"не (?:приезжайте|приходите|присылайте|надо приезжать|нужно приезжать)",
        r"^\W*(?:спасибо\W{1,3})?(?:уже|все) (?:все |само )?(?:за|на)работал\w*",
        peaceful=True,
    ),
    _rule(
        Order.WITHDRAWAL,
        "ru",
        r"(?:уже|все|само|интернет\w*|телефон|тв|телевидение|связь) (?:уже |все |сам[оа]? ){0,2}(?:за|на)работал\w*",
        r"проблема (?:уже )?(?:решена|решилась|устранена|исчезла)",
        r"вопрос (?:уже )?(?:решен|снят)",
        named=True,
        peaceful=True,
    ),
    _rule(
        Order.WITHDRAWAL,
        "it",
        r"(?:annull\w{1,6}|ritir(?:o|are|iamo)|cancell\w{1,6}|chiud(?:ere|ete|a)) "
        rf"(?:pure )?(?:(?:il|la|mi[ao]|nostr[ao]) |l'){{0,2}}{_IT}",
    ),
    _rule(
        Order.WITHDRAWAL,
        "it",
        r"non (?:serve|occorre|è necessario) (?:più )?(?:il tecnico|l'intervento|venire)",
        peaceful=True,
    ),
    _rule(
        Order.WITHDRAWAL,
        "it",
        r"(?:ora|adesso|già|tutto|linea|internet) (?:di nuovo )?(?:funziona|risolto|ripristinat[oa])",
        r"ha ripreso a funzionare",
        named=True,
        peaceful=True,
    ),
    _rule(
        Order.WITHDRAWAL,
        "en",
        rf"(?:please|kindly|want to|like to|you can|can you) (?:now )?(?:cancel|withdraw|close) {_WORDS}{_EN}",
        rf"{_EN} {_WORDS}can be (?:closed|cancell?ed)|(?:disregard|ignore) (?:the|my|our|this) {_EN}",
        rf"\b(?:cancel|withdraw) (?:the|my|our|this) {_EN}",
        r"^please (?:cancel|withdraw)\W*$",
    ),
    _rule(Order.WITHDRAWAL, "en", r"no (?:longer )?need (?:\w+ ){0,3}(?:engineer|technician|visit)", peaceful=True),
    _rule(
        Order.WITHDRAWAL,
        "en",
        r"(?:working|fixed|resolved|back) (?:again|now)",
        r"(?:is|has been|was) (?:now |all |already ){0,2}(?:fixed|resolved|restored|sorted)",
        r"you can close (?:it|this)",
        r"works (?:now|again)",
        named=True,
        peaceful=True,
    ),
    _rule(
        Order.WITHDRAWAL,
        "zh",
        r"撤单|销单|(?:不用|无需|不必)(?:再)?(?:处理|修)",
        rf"(?:撤销|撤回|取消|撤消|销掉)\S{{0,8}}{_ZH}",
        rf"{_ZH}\S{{0,24}}(?:撤销|撤回|取消|作废)",
    ),
    _rule(Order.WITHDRAWAL, "zh", r"(?:不用|不必|无需|不需要)再?(?:派人|派师傅|上门|来人?修|维修|过来)", peaceful=True),
    _rule(Order.WITHDRAWAL, "zh", r"已经?(?:自己|自动)?(?:恢复|修好|好了|正常)", named=True, peaceful=True),
    _rule(
        Order.PROGRESS,
        "ru",
        rf"(?:статус|состояни\w|ход\w?|стади\w|судьб\w|результат\w?|срок\w?) {_WORDS}{_RU}",
        rf"на как(?:ом|ой) (?:этапе|стадии) {_WORDS}{_RU}",
        rf"что (?:там )?(?:с|по) (?:мо\w{{1,2}} |наш\w{{1,3}} )?{_RU}",
        rf"как (?:дела|продвигается|обстоят|там|движется|скоро) {_WORDS}{_RU}",
        rf"{_RU} {_WORDS}(?:статус|в каком состоянии|на како[йм] (?:стадии|этапе)|продвигается)",
    ),
    _rule(
        Order.PROGRESS,
        "ru",
        r"когда (?:же |наконец |мне |нам |ко мне |к нам ){0,3}"
        r"(?:придет|приедет|будет|ждать|почин\w+|исправ\w+|устран\w+|восстанов\w+|подключ\w+|сделают)",
        r"(?:мастер|монтер|техник|бригад|специалист)\w{0,2} (?:\S+ ){0,2}(?:будет|придет|приедет)[^.!\n]{0,30}\?",
        r"есть (?:ли )?(?:\w+ )?(?:новости|изменения|результат|подвижки)",
        r"в каком (?:\w+ )?(?:статусе|состоянии)",
        r"(?:кто[ -]?(?:нибудь|то)|мастер|бригада) (?:\S+ )?(?:едет|занимается|выезжает)",
        r"сколько (?:еще )?ждать",
        named=True,
    ),
    _rule(
        Order.PROGRESS,
        "it",
        r"a che punto",
        rf"(?:stato|esito|avanzamento|novità|aggiornament\w) {_WORDS}{_IT}",
    ),
    _rule(
        Order.PROGRESS,
        "it",
        r"quando (?:lo |la |mi |ci |li )?(?:sistem|risolv|ripar|aggiust|interven)",
        r"quando (?:viene|verrà|arriva|arriverà|passa|passerà|sarà|riparate|riparerete|avrò)",
        r"a che ora (?:passa|viene|arriva)",
        r"(?:ci sono|avete|qualche) novità",
        named=True,
    ),
    _rule(
        Order.PROGRESS,
        "en",
        rf"(?:status|progress|update|news) (?:of|on|about|for|regarding) {_WORDS}{_EN}",
        rf"what(?:'s| is) (?:happening|going on) with {_WORDS}(?:{_EN}|ref)",
        rf"how is (?:\w+ ){{0,3}}{_EN}.{{0,20}}(?:progress|going|coming)",
    ),
    _rule(
        Order.PROGRESS,
        "en",
        r"when (?:will|can|is|are|do|should) (?:\w+ ){0,5}(?:com|arriv|fix|repair|visit|restor|expect)",
        r"when (?:someone|somebody|anyone|they|you|the engineer)(?: \w+){0,3} (?:com|arriv|visit|fix)",
        r"when (?:\w+ ){1,4}will be (?:fixed|repaired|restored|done|resolved)",
        r"any (?:news|updates?)",
        named=True,
    ),
    _rule(
        Order.PROGRESS,
        "zh",
        r"(?:查询|查一下|咨询|催|问一下)\S{0,10}(?:进度|进展)",
        rf"{_ZH}\S{{0,20}}(?:进度|进展|到哪一步|怎么样了)",
        r"催单",
    ),
    _rule(
        Order.PROGRESS,
        "zh",
        r"催一下|没人(?:联系|来|管)|怎么样了|有(?:没有)?(?:结果|进展|消息)|处理(?:得|的)?(?:如何|怎样)|(?:什么时候|何时|几点|多久)\S{0,6}(?:来|修|到|处理|上门|恢复|解决)",
        named=True,
    ),
    _rule(
        Order.FOLLOW_UP,
        "ru",
        r"(?:прошу|просим|просьба|можно|нельзя) (?:ли )?(?:\w+ )?(?:перенести|поменять|изменить|скорректировать"
        r"|сдвинуть)",
        rf"(?:смените|перенесите|измените|поменяйте|сдвиньте) {_WORDS}(?:врем|дат|визит|выезд|приезд|адрес|номер"
        rf"|телефон)",
        rf"(?:исправить|изменить|поменять|заменить|уточнить) в {_WORDS}{_RU}",
        r"(?:звоните|звонить) (?:лучше |теперь )?(?:на|по)\b",
        r"прошу учесть|учтите|\b(?:добавля|дополня)(?:ю|ем)\b",
        r"добавьте|допишите|дополните|внесите|измените|исправьте|уточните в",
        rf"в дополнение|дополнение к {_RU}|дополнительно сообщаю",
        r"(?:хочу|хотел\w?|прошу|нужно|надо|просьба) (?:бы )?(?:также |еще )?(?:добавить|дополнить|уточнить|указать"
        r"|внести)",
        r"^(?:хочу )?(?:добавлю|дополню|добавить|уточняю|уточнение)\b",
        r"забыла? (?:указать|написать|добавить)",
        named=True,
    ),
    _rule(
        Order.FOLLOW_UP,
        "it",
        r"\b(?:aggiung(?:o|ere|ete|iamo)|integrazione|in aggiunta|preciso|rettifica|correzione|ho dimenticato"
        r"|dimenticavo|correggo)\b",
        named=True,
    ),
    _rule(
        Order.FOLLOW_UP,
        "en",
        r"\b(?:please (?:add|note)|to add|to mention|like to add|i forgot to|in addition to|additional information"
        r"|correction to)\b",
        r"please (?:change|update|amend)\b",
        named=True,
    ),
    _rule(Order.FOLLOW_UP, "zh", r"补充|追加|更正|更改|修改一下|忘了说|另外", named=True),
)

#: Thanks for what was done: with nothing that fails and nothing asked, there is no fault to record.
THANKS: Final = _any(
    r"(?:спасибо|благодар\w+) (?:\w+ ){0,2}(?:мастер|монтер|монтажник|техник|специалист|оператор|сотрудник|команд"
    r"|бригад|диспетчер"
    r"|за\b)",
    r"(?:выразить|выражаю|объявить|хочу сказать) (?:\w+ ){0,2}(?:благодарность|спасибо)|хо(?:чу|тим) поблагодарить",
    r"(?:thank you|thanks|thank) (?:\w+ ){0,2}(?:for (?:the|your) (?:quick|great|help|excellent|fast|service|prompt)"
    r"|to (?:the|your|all)"
    r"|the (?:engineer|technician))|grazie (?:\w+ )?(?:per|al tecnico|a tutti)|ringrazi(?:o|are|amo)",
    r"感谢|表扬|点赞",
)
#: What a message of thanks may not hold: a question, a wish, a "but".
ASKS: Final = _any(
    r"[?？]|\b(?:но|однако|прошу|просим|хочу узнать|подскажите|пожалуйста|нужно|можно)\b"
    r"|\b(?:but|however|please|could|can you|still)\b"
    r"|\b(?:ma|però|tuttavia|vorrei|chiedo|potete|prego)\b|但|不过|请|希望|能否"
)

#: Something fails, in words; a withdrawal in doubt gives way to it, and bulk mail that says so is still a report.
FAILS: Final = _any(
    r"не работа|не включа|не показ|не груз|не открыв|не подключ|не захо|не кажет|не соедин|не могу|так и не|не помог",
    r"\bнету? (?:\w+ )?(?:интернет|инет|связи|сигнал|гудк|доступ|картинк|звук|сети|тв\b)",
    r"пропал|пропада|обрыв|поврежд|тормоз|медленн|треск|молчит|опять|снова|перереза|неисправн|авари|виснет|отвал",
    r"треск|шум|помех|хрип|полос|рябь|квадрат|crackl|nois|frusci|disturb|杂音|噪音",
    r"отсутству|сломал|недоступ|не доступ|деградац|потер\w+ пакет|丢包|中断|packet loss|degraded",
    r"non (?:funziona|va\b|riesco|si sente|c'è)|guast[oi]|lentissim|isolat[oa]|gracchia|di nuovo (?:giù|ferm)",
    r"senza (?:linea|internet|connett)",
    r"not working|does ?n.t work|do not work|no (?:internet|dial|connection|signal|picture|service)|\bdown\b|outage",
    r"\bslow|drops|dropping|broken|still (?:no|not)",
    r"断|不通|故障|上不了|打不|没有?(?:信号|拨号音|声音|网)|无法|太慢|很慢|红灯|杂音|还是|又坏|没修",
)
#: A "but": what follows may be a fault in words that no rule knows.
DOUBTS: Final = _any(
    r"\b(?:но|однако|хотя|зато)\b|\b(?:but|however|yet|although)\b|\b(?:ma|però|tuttavia)\b|但|可是|不过|却",
)
#: A withdrawal that is denied, or only threatened.
UNDONE: Final = _any(
    r"закрывать рано|рано закрыв|не (?:надо|нужно|стоит) (?:отменять|закрывать|снимать)|\bне (?:отзываю|отменя\w+"
    r"|закрыва\w+|снима\w+)|\bесли\b.{0,60}(?:отмен|закр|отзов|отзыв)",
    r"non (?:annull|chiud|cancell)|\bse\b.{0,40}(?:annull|chiud)",
    r"(?:do not|don't) (?:cancel|close|withdraw)|\bif\b.{0,40}(?:cancel|withdraw)",
    r"(?:不要|别|勿)(?:撤|取消|关闭)|如果.{0,20}(?:取消|撤)",
)
#: An earlier report by its number: "заявка № 80231", "case 90012", "segnalazione n. 55012", "申告单号 2026…".
NUMBERED: Final = _any(
    rf"(?:{_RU}|{_IT}|\b{_EN}|\b(?:ref|rif|по номеру)\b|{_ZH})(?:单|号|编号|id|[\s:：№#.,n°º-]|no"
    rf"|num){{0,10}}[a-zа-я-]{{0,6}}\d{{4}}",
    rf"^\W*\d{{5,8}}:|\d{{5}} {_RU}|单号 ?\d{{6}}|\d{{8,}}号?(?:报修|申告|工单)",
    r"(?:выезд|визит|приезд)\w? по (?:№ ?)?\d{4}",
)
#: Words of offers; two of them tell one.
OFFERS: Final = _any(
    r"коммерческ\w+ предложени|предлага(?:ем|ю)|скидк|акци[яию]\b|прайс|продвижени|\bseo\b|отписаться|рассылк|выгодн",
    r"оптом|вебинар|приглашаем|закажите|бесплатн\w+ консультаци|кредит",
    r"offerta|scont[oi]|promozion|acquist|disiscri|newsletter",
    r"unsubscribe|special offer|discount|buy now|limited time|guest post|casino|\bloan|free trial|best price",
    r"优惠|促销|发票|招聘|推广|退订|加微信|特价|贷款|折扣",
)
