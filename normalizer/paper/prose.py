"""Lines of a letter become paragraphs: words parted at a line's end are joined, lines that run on too."""

import re
from typing import Final

from normalizer.context import Context
from records.reading import Reading
from records.words import Review

_HYPHENS: Final = "-\u2010\u00ad\u00ac"
_PARTED: Final = re.compile(rf"[^\W\d_]{{2,}}[{_HYPHENS}]$")
_KEPT: Final = re.compile(r"(?:^|[\s(«\"])(?:по|кое|во|в|из|wi|e)-$", re.IGNORECASE)  # по-прежнему, Wi-Fi, e-mail
_AFTER: Final = frozenset({"то", "либо", "нибудь", "таки", "ка"})  # кто-то, какой-либо
_WORD: Final = re.compile(r"\W")
_ENDS: Final = tuple(".!?…:;。！？：；")
_ITEM: Final = re.compile(
    r"\s{0,4}(?:[-–—•*·]\s|\(?\d{1,2}[.)]\s|[^\W\d_][^:：\n]{0,30}[:：](?:\s|$)"
    r"|от (?:[А-ЯЁ]|абонент|гр\.|граждан|жител|клиент|собственник|потребител))"  # a letter's head
)
_HAN: Final = re.compile(r"[\u3400-\u9fff，。、；：！？]")
_LATIN: Final = re.compile("[A-Za-z]")
_LONG: Final = 0.7  # of the longest line: a line that reaches so far was broken, not ended
_HEADER: Final = 120  # characters of a fax machine's line
_TIME: Final = re.compile(r"(?<!\d)[0-2]?\d[:.][0-5]\d(?!\d)")
_PAGE: Final = re.compile(
    r"(?<!\w)(?:p|pg|page|pag|pages|стр|с|лист|页)\s?[.:]?\s?\d{1,3}(?:\s?(?:/|of|из|di)\s?\d{1,3})?\W{0,3}$|第\s?\d{1,3}\s?页\W{0,3}$"
    r"|(?<!\d)0?\d{1,2}/0?\d{1,2}\W{0,2}$",
    re.IGNORECASE,
)
_HALF: Final = 0.45
_FULL: Final = 0.85
_NARROW: Final = 28  # letters: of a text that is all short lines, none was broken at the margin
_WIDE: Final = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def without_headers(text: str) -> str:
    """Give the text without the lines that fax machines print above a page: time, number, name, page."""
    kept = (
        line for line in text.split("\n") if not (len(line) < _HEADER and _TIME.search(line) and _PAGE.search(line))
    )
    return "\n".join(kept)


def prose(text: str) -> str:
    """Give the text with paragraphs on one line each; lists, labels, addresses and signatures stay lines."""
    longest = max(map(_width, text.split("\n")))
    return "\n\n".join(_joined(block.split("\n"), longest) for block in text.split("\n\n"))


def reading_of_letter(text: str, media_type: str, context: Context) -> Reading:
    """Make the reading of a letter that came as text."""
    from normalizer.readers.limits import TRIMMED
    from normalizer.trimming import trim

    trimmed = trim(text[:TRIMMED], own_addresses=context.own_addresses, own_domains=context.own_domains)
    return Reading(
        media_type=media_type,
        text=text,
        new_text=trimmed.new_text,
        quoted_text=trimmed.quoted_text + text[TRIMMED:],
        signature=trimmed.signature,
        forwarded_from=trimmed.forwarded_from,
        reviews=() if text.strip() else (Review.EMPTY,),
    )


def _joined(lines: list[str], longest: int) -> str:
    joined, before = lines[:1], lines[0]
    for line in lines[1:]:
        if _runs_on(before, line, longest):
            joined[-1] = _glued(joined[-1], line)
        else:
            joined.append(line)
        before = line
    return "\n".join(joined)


def _runs_on(before: str, line: str, longest: int) -> bool:
    """Tell whether the line goes on with what the line before it says."""
    before, line = before.rstrip(), line.strip()
    if not before or not line or _ITEM.match(line):
        return False
    if _PARTED.search(before) and line[0].islower():
        return True
    reached = _width(before) / max(longest, _NARROW)
    if before.endswith(_ENDS):  # a short line after a sentence begins something new
        return reached >= _FULL and _width(line) >= _HALF * longest and not before.endswith((":", "："))
    if line[0].islower() or before.endswith((",", "，", "、")):
        return reached >= _HALF
    return reached >= _LONG


def _width(line: str) -> int:
    """Give the length of a line in letters; Chinese signs are twice as wide."""
    return len(line) + len(_WIDE.findall(line))


def _glued(before: str, line: str) -> str:
    before, line = before.rstrip(), line.strip()
    if _PARTED.search(before) and line[0].islower():
        compound = _KEPT.search(before) or _WORD.split(line, 1)[0] in _AFTER
        return before + line if compound else before[:-1] + line
    chinese = _HAN.search(before) and _HAN.search(line) and not (_LATIN.match(before[-1]) and _LATIN.match(line))
    return before + ("" if chinese else " ") + line
