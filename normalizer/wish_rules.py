"""How customers of four languages answer us in a chat, where one or two words are a sentence.

`whole` phrases must be all of a message, `within` ones stand somewhere in a short one. They meet lower-case text
with its white space folded and ё as е; in front of and behind a whole phrase courtesy and punctuation may stand.
"""

import re
from typing import Final

from msgspec import Struct

from records.dialogue import Wish


class Saying(Struct, frozen=True, kw_only=True):
    """One wish in words; `answers`: it counts only after something was offered to try."""

    wish: Wish
    whole: re.Pattern[str]
    within: re.Pattern[str]
    answers: bool = False


_POLITE: Final = (
    r"(?:спасибо|большое|огромное|вам|вас|благодар(?:ю|им)|пожалуйста|ок|окей|хорошо|понятно|понял|поняла|ясно|ура"
    r"|жду|ждем|здравствуйте|здравствуй|привет|добрый день|добрый вечер|доброе утро|доброго дня|доброй ночи|день добрый"
    r"|thanks|thank you|thx|please|very much|so much|a lot|ok|okay|great|good|hello|hi|hey|good morning|good afternoon"
    r"|good evening|grazie|mille|tante|per favore|va bene|perfetto|d'accordo|salve|ciao|buongiorno|buonasera|prego"
    r"|谢谢|多谢|感谢|您|你|了|好的|好|嗯|收到|您好|你好|在吗|请|麻烦|請)"
)
_GAP: Final = r"[\s\W_]{0,6}"
_NEVER: Final = r"(?!)"
#: Nothing but courtesy, or no word at all.
COURTESY: Final = re.compile(rf"[\W_]+|{_GAP}(?:{_POLITE}{_GAP}){{1,8}}")
#: Courtesy that ends a talk rather than begins one.
THANKS: Final = re.compile(
    r"спасибо|благодар|\bок|хорошо|поня|ясно|thank|thx|\bok|great|grazie|va bene|perfetto|谢|好的|嗯|收到"
)


def _whole(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"{_GAP}(?:{_POLITE}{_GAP}){{0,4}}(?:{'|'.join(phrases)})(?:{_GAP}{_POLITE}){{0,4}}{_GAP}")


def _within(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases) or _NEVER)


#: The first that is said tells.
SAYINGS: Final[tuple[Saying, ...]] = (
    Saying(
        wish=Wish.WITHDRAWAL,
        whole=_whole(
            r"(?:отмен[аи]|отмените|отменить|отменяю|отзываю|отзовите|снимите|закройте|закрыть|уже не (?:надо|нужно)"
            r"|больше не (?:надо|нужно)|не актуально|неактуально)(?: (?:ее|его|это|заявку|обращение))?",
            r"(?:cancel|withdraw)(?: (?:it|this|that))?", r"never ?mind", r"no longer needed",
            r"annull\w{1,6}(?:la|lo)?|non serve più|lasci(?:ate)? (?:perdere|stare)",
            r"取消(?:吧|了)?|撤销(?:吧)?|撤单|不用了|不需要了|不用修了",
        ),
        within=_within(),
    ),
    Saying(
        wish=Wish.DID_NOT_HELP,
        answers=True,
        whole=_whole(
            r"нет|неа|не(?:е)?|никак|увы|бесполезно|не работает|не (?:вышло|получилось|получается|выходит|сработало)",
            r"no|nope|not really|no luck|not working", r"no|niente|nulla|non va|uguale",
            r"不行|没用|没有|没有用|没好|没|不|否|不可以|没反应|不好使|不管用",
        ),
        within=_within(
            r"не помог\w{1,4}|не работает (?:все равно|по-прежнему)"
            r"|(?:все равно|по-прежнему|все еще|до сих пор|так и) не"
            r"|без изменений|то же самое|ничего не (?:изменилось|поменялось|помогло)|не сработало",
            r"(?:did ?n.t|does ?n.t|did not|does not|not) (?:help|work)|still (?:not|no|does|the same|nothing|down)"
            r"|no (?:change|effect|difference)|same (?:problem|thing|as before)",
            r"non (?:ha |è )?(?:funziona(?:to)?|aiuta(?:to)?|servito|cambiato|risolto)|ancora (?:non|niente|nulla)"
            r"|(?:come|uguale a) prima|stesso problema",
            r"没(?:有)?(?:用|解决|效果|好|变化|反应|恢复)|不(?:行|管用|起作用|好使)|还是(?:不|没|一样|上不|连不|打不)|依然|仍然|照旧",
        ),
    ),
    Saying(
        wish=Wish.HELPED,
        answers=True,
        whole=_whole(
            r"да|ага|угу|помогло|получилось|сработало|(?:все |уже |теперь |снова )*(?:за)?работает"
            r"|все (?:ок|хорошо|отлично)|заработал[ои]?|решено",
            r"yes|yep|yeah|it works|works(?: now| again)?|worked|it worked|fixed|solved|it helped|helped|all good",
            r"s[iì]|funziona|ora (?:va|funziona)|ha funzionato|risolto|tutto (?:ok|a posto|bene)",
            r"是|是的|可以|可以了|好了|行了|有用|解决了|成功了|能用了|能上网了|恢复了|正常了|已解决",
        ),
        within=_within(
            r"(?<!не )помогло|заработал|проблема решена|все получилось",
            r"(?:it|that) (?:helped|worked)|works (?:now|again)|working (?:now|again)|problem (?:is )?solved",
            r"(?:ora|adesso|tutto) funziona|ha (?:funzionato|aiutato)|problema risolto",
            r"(?:已经?|问题)解决了|可以上网了|(?<!没)恢复(?:了|正常)|(?<!没)修好了",
        ),
    ),
    Saying(
        wish=Wish.PROGRESS,
        whole=_whole(
            r"(?:ну )?(?:что|как)(?: там| у нас| у меня)?(?: дела)?(?: с (?:заявкой|обращением|ремонтом|интернетом))?"
            r"|статус|есть новости|новости есть|какие новости|ну как"
            r"|когда(?: будет| почините| приедете| придут| приедут)?|долго еще(?: ждать)?|когда ждать",
            r"(?:any )?(?:news|updates?)|status|how (?:is|does) it (?:stand|going|look)|what.s the status|when",
            r"(?:ci sono )?novità|a che punto (?:è|siamo|siete)|stato|quando(?: venite| arrivate)?",
            r"[?？]|怎么样了|进度|进展|有进展吗|处理得?怎么样了?|什么时候(?:好|来|修好?|能好)|多久|几时|催一下",
        ),
        within=_within(
            r"как (?:дела|обстоят дела|продвигается|движется) (?:с|по|моя|мое)", r"как там (?:моя|мое|наша|с|по)"
        ),
    ),
)  # fmt: skip
