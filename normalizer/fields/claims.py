"""What the customer claims: that it is urgent, that he has written before. Claims, not decisions."""

import re
from collections.abc import Iterator

from normalizer.fields.passages import Candidate, Passage
from normalizer.fields.words import first, table
from records.words import Urgency

_URGENCY = table(
    [
        (
            Urgency.CONTROL,
            (
                r"на контрол[ьея]|срок (?:\w+ )?48|48[- ]?(?:час|h\b|ore)|длительн\w+ наблюден"
                r"|keep (?:it )?under (?:control|watch)|sotto controllo"
            ),
        ),
        (
            Urgency.URGENT,
            (
                r"(?<!не )(?<!без )(?<!не так )\bавари[яю]\b|(?<!не )(?<!без )(?<!не так )\bсрочн(?!\w+ договор)"
                r"|\bаварийн\w+ (?:ситуац|заявк|сообщ)|\bаварийн(?:ая|ое|ый)\b(?! служб| бригад| диспетч| выход)"
                r"|приоритет\w*:? ?(?:p?[12]\b|крит|высок|авар)"
                r"|скорую (?:\w+ ){0,2}вызвать|вызвать скорую|безотлагательн|немедленн|экстренн"
                r"|вопрос жизни|кардиостимул|(?<!not )(?<!non[- ])\burgent|\basap\b|emergency|priority:? ?(?:p?[12]\b"
                r"|crit|high|urgent|emerg)|immediately|life support|\bvulnerab|(?<!non )urgen[tz]"
                r"|加急|紧急|急[！!]|十万火急|马上派|sro?chno"
            ),
        ),
    ]
)
_REPEATED = table(
    [
        (
            "repeated",
            (
                r"повторн|(?<!\w)опять|(?<!\w)снова|(?:втор|трет|четв[её]рт|пят|как|\d-?[йи]?)\w{0,3} раз (?:за|пишу"
                r"|обращ|звон|уже|подря)|в (?:который|\d-?[йи]|очередной|третий|второй) раз|(?:уже|ранее|не раз"
                r"|неоднократно|до этого) (?:\w+ )?(?:писал|звонил|обращал|оставлял|подавал|сообщал)"
                r"|(?<!\w)(?:писал|звонил|обращал|оставлял|подавал)\w* (?:\w+ ){0,2}(?:уже|ранее|раньше|\d|неделю"
                r"|вчера|раз(?!\w)"
                r"|понедельник|вторник|сред[уы]|четверг|пятниц|суббот|воскресень)"
                r"|вчера (?:вам )?(?:писал|звонил|оставлял|подавал|обращал)"
                r"|(?:втор|трет|четв[её]рт|пят|шест)\w{1,3} (?:письмо|обращени|заявк|жалоб|сообщени)|(?:два|три"
                r"|четыре|пять|\d) (?:письм|заявк|обращени|жалоб)\w{0,2} (?:\w+ )?(?:написал|отправ|подал|остав)"
                r"|(?:никто"
                r"|мастер\w*|монт[её]р\w*) (?:так и |до сих пор )?не (?:приш|приех|перезвон|появ|связ|был)|так и не "
                r"|как не работал|ничего не (?:сделал|закрыт|измен|исправ|поменял)"
                r"|(?:мастер|монт[её]р|специалист)\w*(?: [а-яё]+)? (?:был|приход|приезжал|поменял)|всё ещё не"
                r"|все еще не|до сих пор (?:никто|никого|нико|не (?:\w+ ){0,2}(?:приш|приех|перезвон|почин|исправ"
                r"|сделал|устран|реш|прислал|ответ))|пиш[уе]\w* (?:\w+ )?(?:втор|трет|четв[её]рт|пят)\w+ (?:месяц"
                r"|недел|раз|день)|[—–-] никого(?!\w)|ещ[её] раз (?:прошу|пишу|обращаюсь|напоминаю)|как и раньше"
                r"|не работает так же|по-прежнему не|дополн\w+ (?:к )?(?:заявк"
                r"|обращ)|добавьте|добавлю|закр(?:ыть|ойте) (?:\w+ )?(?:заявк|обращен)|(?:отмен|отозв"
                r"|снимите)\w* (?:\w+ )?заявк"
                r"|(?:без ответа|не ответили|игнорир)|жд[уеё]м? (?:\w+ ){0,2}(?:мастер|ответ|дн|недел)\w*,? (?:а|но|и) "
                r"|(?:second|third|fourth|2nd|3rd|4th|another|yet another|nth) time|\bagain\b|still (?:no|not|waiting"
                r"|down|broken|isn|doesn)|already (?:reported|called|written|wrote|complained|raised)"
                r"|(?:reported|called|wrote|raised)(?: \w+){0,4} (?:before|already|last|yesterday|twice)"
                r"|follow(?:ing)?[- ]?up|no(?:body| one) (?:has )?(?:came|come|called|replied|shown|turned)|no (?:reply"
                r"|response|answer) (?:to|yet)"
                r"|ancora (?:nessun|non|senza|una volta)|di nuovo|nuovamente|(?:seconda|terza|quarta|ennesima) (?:volta"
                r"|segnalazione)|già (?:segnalat|chiamat|scritt|apert)|ho (?:già )?sollecit|sollecito"
                r"|nessuno (?:è venuto|mi ha|ha)|tuttora|continua a|tecnico (?:\w+ )?è (?:venuto|passato)"
                r"|补充|再次|又(?:坏|断|不|没|出)|第[二三四五六\d]次|多次|还是(?:没|不)|仍然?(?:没|不|未)|一直没(?:人|有)|催|(?:没|未)修好|到(?:今天|现在|目前)(?:还)?没|已(?:经)?(?:报修|申告|投诉)过|已第|上次"
            ),
        )
    ]
)
_NO_REPORT = re.compile(r"не писал|впервые|first time|per la prima volta|第一次")


def urgency(passage: Passage) -> Iterator[Candidate]:
    """Find that the customer calls it urgent, or asks for a long watch."""
    yield from first(passage, passage.lower, "urgency", _URGENCY, 0.85)


def repeated(passage: Passage) -> Iterator[Candidate]:
    """Find that the trouble was reported before."""
    yield from first(
        passage, _NO_REPORT.sub(lambda found: " " * len(found[0]), passage.lower), "repeated", _REPEATED, 0.85
    )
