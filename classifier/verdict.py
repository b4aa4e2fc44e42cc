"""A short answer to the question whether it was solved: yes, no, or neither; a function of its text."""

import re

_LONGEST = 200  # characters: who writes more tells more than a yes
_WORD = re.compile(r"\w+|[+-]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_YES = _words("да ага угу yes yep yeah ok ок sì si certo +")
_NO = _words("нет неа no nope not не still ancora non -")
#: It is done: with or without a yes they say so; behind a "не" or a "no" they say the contrary.
_DONE = _words(
    "работает заработало заработал заработала решена решено решили решилась решилось помогло устранили починили"
    " solved fixed works working resolved helped risolto risolta funziona funzionano sistemato"
)
_AROUND = _words(
    "спасибо большое огромное вам всё все проблема вопрос уже теперь снова хорошо отлично полностью"
    " thanks thank you very much it is the problem now all fine great everything again"
    " grazie mille tutto il problema ora adesso bene è perfetto"
)
_LINKS = _words("è is")
_YES_HAN = re.compile(
    r"(?:是的?|对|好的?)?(?:问题)?(?:都|已经?)?(?:好了?|修好了?|解决了?|恢复了?|正常了?|可以了?)?"
    r"(?:非常)?(?:谢谢|感谢)?(?:您|你们?)?"
)
_SAYS_HAN = re.compile(r"是|对|好|解决|恢复|正常|可以")
_NO_HAN = re.compile(
    r"(?:问题)?(?:否|不是|不行|没有?(?:好|解决|恢复|修好|用)|没有?$|还没|未(?:解决|恢复)|还是不|依然不|仍然不)"
)


def verdict(text: str) -> bool | None:
    """Tell whether it was solved, as a customer says it in ru, zh, it or en; None for anything that says more.

    A wrong yes would close a case that is open, so a yes must stand alone but for thanks; a no may go on.
    """
    short = len(text.strip()) <= _LONGEST
    words, han = _WORD.findall(text[:_LONGEST].casefold()), re.sub(r"\W", "", text[:_LONGEST])
    if not words:
        return None
    if _NO_HAN.match(han) or (words[0] in _NO and _denied(words)):
        return False
    if "не" in words and not set(words) - _NO - _DONE - _AROUND:  # "проблема не решена"
        return False
    if short and _SAYS_HAN.search(han) and _YES_HAN.fullmatch(han):
        return True
    alone = short and not set(words) - _YES - _DONE - _AROUND
    return True if alone and not (_YES | _DONE).isdisjoint(words) else None


def _denied(words: list[str]) -> bool:
    """See that no "it works" follows which nothing denies: "нет, всё работает" is for a person to read."""
    plain = [word for word in words if word not in _LINKS]
    return all(plain[place - 1] in _NO for place, word in enumerate(plain) if word in _DONE)
