"""What opens a quotation: an attribution ("On … wrote:"), a quoted header block, a line between dashes.

Every pattern meets lines of at most `LINE` characters, and every search goes from line to line without going back.
"""

import html
import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from normalizer.trimming import words
from records.reading import Mailbox

LINE: Final = 400  # characters of a line, or of an attribution over several, that are looked at
WRAPPED: Final = 4  # lines over which mail programs wrap an attribution
BLOCK: Final = 24  # lines of a quoted header block

_ADDRESS = re.compile(r"[^\s<>\"'(),:;\[\]@|]{1,64}@[^\s<>\"'(),:;\[\]@|]{1,120}")
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[:.]\d{2}(?!\d)|(?:19|20)\d{2}(?!\d)|\d{1,2}/\d{1,2}/\d{2,4})|\d月")
_DAY = re.compile(r"(?<!\d)(?:(?:19|20)\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.]\d{2}(?!\d)")
_WROTE = re.compile(rf"(?:^|[\s>)\]\d\"'»：:])(?:{words.WROTE})(?=$|[\s:：.\-])|写道|寫道", re.IGNORECASE)
_WROTE_LAST = re.compile(
    rf"(?:{words.WROTE})(?:\s+(?:am|um|il|le|el|em|o\s+godz|den)\b.*)?\s*(?:[:：]|-{{2,}})?\s*$", re.IGNORECASE
)
_DATED = re.compile(
    rf"(?:(?:{words.OPENERS})\b[\s,.]*)?(?:[^\W\d_]{{1,14}}[.,]{{0,2}}\s+){{0,3}}\d|在\s?\d|[a-zа-я]{{2,3}}\.?,\s?\d",
    re.IGNORECASE,
)
_GMAIL = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d")
_LABEL = re.compile(r"[\s*>]{0,12}([^\W\d_][^:：*<>@\d]{0,20}?)\s?\*{0,2}\s{0,3}[:：]\*{0,2}(.*)", re.DOTALL)
_FORWARD = re.compile(words.FORWARD, re.IGNORECASE)
_ORIGINAL = re.compile(words.ORIGINAL, re.IGNORECASE)
_OF_HIMSELF = re.compile(r"\b(?:я|мы|вам|мне|i wrote|we wrote|ho scritto|abbiamo scritto)\b|我", re.IGNORECASE)
_SENTENCE = re.compile(r"[^\W\d_]{4}\.$|[!?;]$")
_BETWEEN_RULES = re.compile(r"[-=_—]{4,100}\s?\w(?:[^-=_—]|-(?!-)){1,80}[-=_—]{4,100}")
_EARLY_DIGIT = re.compile(r"\D{0,50}\d")
_MARKS = " \t-—>"
_RULE = " \t-—–_=*~"


class Heading(Struct, frozen=True, kw_only=True):
    """The opening of a quotation: `first` is its first line, `after` the line below it."""

    first: int
    after: int
    forward: bool = False  # a line says that the mail below is forwarded
    block: bool = False  # a header block: replies and forwards open alike with it
    weak: bool = False  # names no address: only text with marks of quotation below it proves it
    sender: Mailbox | None = None


def heading(lines: Sequence[str], at: int) -> Heading | None:
    """Tell whether a quotation is opened at this line; its sender where the opening names one."""
    line = lines[at][:LINE].strip()
    if not line.strip(_RULE):
        return _ruled(lines, at) if line else None
    return (
        _between_dashes(lines, at)
        or (header_block(lines, at) if _labelled(line) else None)
        or (attribution(lines, at) if _may_open(line) else None)
        or _between_rules(lines, at)
    )


def mailbox(text: str) -> Mailbox | None:
    """Read name and address of a quoted sender as mail programs write it, None where it names nobody."""
    found = _ADDRESS.search(text)
    name = (text[: found.start()] if found else text).replace("mailto:", " ").strip(" \t\"'«»<>[](),;:*")
    address = found[0].removeprefix("mailto:").rstrip(".>") if found else None
    return Mailbox(name[:200] or None, address) if name or address else None


def attribution(lines: Sequence[str], at: int) -> Heading | None:
    """Read an attribution line, which mail programs wrap over up to four lines."""
    joined = ""
    for after in range(at + 1, min(at + WRAPPED, len(lines)) + 1):
        line = lines[after - 1].strip(_MARKS)
        if not line or len(joined) + len(line) > LINE:
            return None
        joined = html.unescape(f"{joined} {line}" if joined else line)
        if _attributes(joined):
            if not _DATED.match(joined) and _begins_below(lines[at + 1 : after]):
                return None
            end = after + _closed_below(lines, after, joined)
            return Heading(first=at, after=end, weak=_weak(joined), sender=_attributed(joined))
        if after == at + 1 and joined.endswith((":", "：")) and _names(joined):
            return Heading(first=at, after=after, weak=True, sender=_attributed(joined))
        if _SENTENCE.search(joined):
            return None
    return None


def _names(line: str) -> bool:
    """Tell a line that names a date, an address or a writing; before marked text it needs no more to attribute it."""
    return bool(_DATE.search(line) or _ADDRESS.search(line) or _WROTE.search(line))


def _closed_below(lines: Sequence[str], after: int, joined: str) -> int:
    """Count the line below that closes an attribution: "… schrieb am 19. Nov. 2026", "um 10:00 Uhr:"."""
    below = lines[after].strip() if after < len(lines) else ""
    return int(not joined.endswith((":", "：", "--")) and len(below) < 60 and below.endswith(":"))


def _begins_below(lines: Sequence[str]) -> bool:
    """Tell whether these last lines of an attribution are whole without the line above them."""
    return any(_attributes(" ".join(line.strip() for line in lines[at:])) for at in range(len(lines)))


def _may_open(line: str) -> bool:
    """Tell whether an attribution may begin so: with a date or a sender, or in words of its own before a colon."""
    if "@" in line or line.endswith((":", "：", "<", "(", "[")):
        return True
    return bool(_EARLY_DIGIT.match(line) and _DATED.match(line.lstrip(_MARKS)))


def _attributes(line: str) -> bool:
    """Tell whether the joined lines are a whole attribution."""
    if _GMAIL.match(line):
        return True
    dated, addressed = bool(_DATED.match(line) and _DATE.search(line)), bool(_ADDRESS.search(line))
    closed = line.endswith((":", "：", "--"))
    if _WROTE.search(line) and (closed or _WROTE_LAST.search(line)):
        return (dated and (closed or addressed)) or (addressed and (closed or bool(_DATE.search(line))))
    return closed and dated and addressed and bool(re.search(r"@[^\s@]{1,120}[:：]$", line.replace("> :", ">:")))


def _weak(line: str) -> bool:
    """Tell an attribution that a person may have written: of himself, or without an address and a full date."""
    if _ADDRESS.search(line) or _GMAIL.match(line) or (_TIME.search(line) and _DAY.search(line)):
        return bool(_OF_HIMSELF.search(line))
    return True


def _attributed(line: str) -> Mailbox | None:
    """Read the sender out of an attribution; a name only where it stands in quotes or just before the address."""
    found = _ADDRESS.search(line)
    if not found:
        return None
    before = line[: found.start()].rstrip(" <([").replace("mailto:", "")
    name = before.rsplit('"', 2)[1] if before.count('"') >= 2 else re.split(r"[,;:\d\]]|\bот\b", before)[-1]
    address = found[0].removeprefix("mailto:").rstrip(".>")
    return Mailbox(name.strip(" \t\"'«»<>[](),;:*")[:200] or None, address)


def header_block(lines: Sequence[str], at: int, *, expected: bool = False) -> Heading | None:
    """Read the header block of a quoted mail; `expected` below a line that announces one: less proof is enough."""
    roles: dict[str, str] = {}
    after = at
    for index in range(at, min(at + BLOCK, len(lines))):
        labelled = _labelled(lines[index])
        if labelled is None:
            if not roles or not _goes_on(lines, index):
                break
            continue
        roles.setdefault(*labelled)
        after = index + 1
    if not roles or not _is_block(roles, expected=expected):
        return None
    return Heading(first=at, after=_wrapped_value(lines, after), block=True, sender=mailbox(roles.get("from", "")))


def _labelled(line: str) -> tuple[str, str] | None:
    """Split `Label: value` of a quoted header, by its role."""
    found = _LABEL.match(line[:LINE])
    role = words.LABELS.get(" ".join(found[1].lower().split())) if found else None
    return (role, found[2].strip(" *;\t")) if found and role else None


def _goes_on(lines: Sequence[str], index: int) -> bool:
    """Tell whether the block goes on below a line without a label: a blank or a wrapped value before the next label."""
    return index + 1 < len(lines) and (_labelled(lines[index + 1]) is not None) and len(lines[index]) < LINE


def _wrapped_value(lines: Sequence[str], after: int) -> int:
    """Skip the wrapped rest of the last header's value: lines up to the blank one, where they begin with a space."""
    while after < len(lines) and lines[after][:1] in {" ", "\t"} and lines[after].strip():
        after += 1
    return after


def _is_block(roles: dict[str, str], *, expected: bool) -> bool:
    """Tell a header block from the lines of a form ("Subject: … From: …"): sender, recipient, a time or an address."""
    if expected:
        return "from" in roles or "date" in roles
    date = roles.get("date", "").replace("[LRM]", "")  # some programs put direction marks around each number
    addressed = "@" in roles.get("from", "") + roles.get("to", "")
    whole = "from" in roles and len(roles) >= 3 and ("to" in roles or next(iter(roles)) == "from")
    return whole and bool(_TIME.search(date) or (addressed and (_YEAR.search(date) or "subject" in roles)))


def _between_dashes(lines: Sequence[str], at: int) -> Heading | None:
    """Read a line such as "----- Original Message -----", with the header block or attribution below it."""
    line = lines[at].strip()[:LINE]
    ruled = line.startswith(("--", "==", "__", "—", "**", "- -"))
    inner = line.strip(_RULE + ":：>").partition("--")[0]
    if not (ruled or line.endswith((":", "："))) or len(inner) > 80:
        return None
    forward = _FORWARD.search(inner)
    if not (forward and (ruled or forward.end() >= len(inner) - 2)) and not (ruled and _ORIGINAL.search(inner)):
        return None
    below = _below(lines, at + 1)
    after, sender = (below.after, below.sender) if below else (at + 1, None)
    return Heading(first=at, after=after, forward=bool(forward), sender=sender)


def _between_rules(lines: Sequence[str], at: int) -> Heading | None:
    """Read a line of other words between dashes: a header block, or marked text, below it makes it an opening."""
    if not _BETWEEN_RULES.fullmatch(lines[at][:LINE].strip()):
        return None
    below = next((index for index in range(at + 1, min(at + 3, len(lines))) if lines[index].strip()), None)
    block = header_block(lines, below) if below else None
    return Heading(
        first=at,
        after=block.after if block else at + 1,
        weak=block is None,
        block=block is not None,
        sender=block.sender if block else None,
    )


def _below(lines: Sequence[str], at: int) -> Heading | None:
    """Read what tells the sender below an announcing line; one or two blank lines may stand between."""
    for index in range(at, min(at + 3, len(lines))):
        if lines[index].strip():
            return header_block(lines, index, expected=True) or attribution(lines, index)
    return None


def _ruled(lines: Sequence[str], at: int) -> Heading | None:
    """Read a rule above a header block, or above To and Subject with an attribution (as Yandex Mail does)."""
    if at + 1 >= len(lines) or len(lines[at].strip()) < 4:
        return None
    index = at + 1
    while index < min(at + 6, len(lines)) and (not lines[index].strip() or _labelled(lines[index])):
        block = header_block(lines, index)
        if block:
            return Heading(first=at, after=block.after, block=True, sender=block.sender)
        index += 1
    below = attribution(lines, index) if index < len(lines) and index > at else None
    return Heading(first=at, after=below.after, sender=below.sender) if below else None
