"""How a mail ends: the sender's signature, the line of his device, the firm's notice of confidentiality."""

import re
from collections.abc import Sequence
from typing import Final

from normalizer.trimming import words

LINE: Final = 300  # characters of a line that are looked at
SIGNATURE_LINES: Final = 14
CLOSING_LINES: Final = 10
NOTICE_LINES: Final = 30

_DEVICE = re.compile(rf"[\s*_\[(]{{0,6}}(?:{words.DEVICE})(.*)", re.IGNORECASE | re.DOTALL)
_MY_DEVICE = re.compile(rf"{words.MINE}\S{{1,20}}(?:\s\S{{1,20}})?", re.IGNORECASE)
_DEVICE_LAST = re.compile(r".{0,60}(?:gesendet|发送|發送|送信)\W{0,4}$", re.IGNORECASE)
_DEVICES = re.compile(words.DEVICES, re.IGNORECASE)
_LEGAL = re.compile(words.LEGAL, re.IGNORECASE)
_CLOSING = re.compile(
    rf"\W{{0,3}}(?:{words.CLOSING})(?![^\W\d_])[\s,.!;:，。！-]{{0,5}}(.*)", re.IGNORECASE | re.DOTALL
)
_REGARDS = re.compile(words.REGARDS, re.IGNORECASE)
_FAULT = re.compile(words.FAULT_WORDS, re.IGNORECASE)
_DETAIL = re.compile(
    r"[+\d][\d\s().-]{5,20}\d|@|www\.|https?:|\b(?:ceo|cto|cfo|ооо|оао|зао|пао|ип|тел|моб|s\.?r\.?l|s\.?p\.?a|ltd|inc|llc|"
    r"gmbh|director|manager|директор|менеджер|инженер|бухгалтер|начальник|специалист|direttore|responsabile|cell|"
    r"developer|engineer|officer|president|head of|founder)\b|公司|电话|手机|経理|经理",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:[^\W\d_]\S{0,30} ){4,}\S{1,30}[.!?]")
_RULE = " \t-—–_=*~#+ᐧ"
_DASHED_NAME = re.compile(r"\s?[-–—~]\s?[A-ZА-ЯЁ]\w{0,20}(?:\s[A-ZА-ЯЁ][\w.]{0,20}){0,2}\s*")
_LIST_FOOTER = re.compile(r"mailing list|unsubscribe|listinfo|отписаться|рассылк|disiscri|退订", re.IGNORECASE)


def part(lines: Sequence[str], *, more: bool) -> tuple[list[str], list[str]]:
    """Part own lines from the signature below them, and drop footers that nobody wrote.

    `more`: the mail says something elsewhere, so that nothing need remain here.
    """
    own, signature = _without_signature(_without_footers(list(lines), more=more), more=more)
    return stripped(_without_footers(own, more=more)), stripped(signature)


def stripped(lines: Sequence[str]) -> list[str]:
    """Drop blank lines at both ends."""
    first, after = 0, len(lines)
    while first < after and not lines[first].strip():
        first += 1
    while after > first and not lines[after - 1].strip():
        after -= 1
    return list(lines[first:after])


def _without_footers(lines: list[str], *, more: bool) -> list[str]:
    """Cut rules, device lines and notices off the end, paragraph by paragraph; something must remain above them."""
    said = 0 if more else next((at + 1 for at, line in enumerate(lines) if line.strip(_RULE)), len(lines))
    end = len(lines)
    while end > said:
        start = _footer(lines, end)
        if start is None or start < said:
            break
        end = start
    return lines[:end]


def _footer(lines: list[str], end: int) -> int | None:
    """Give the line at which the last footer before `end` starts, None where the writer's own words end there."""
    last = end - 1
    if not lines[last].strip(_RULE) or is_device(lines[last]):
        return last
    start = last
    while start > max(0, end - NOTICE_LINES) and lines[start - 1].strip():
        start -= 1
    paragraph = " ".join(line[:LINE] for line in lines[start:end])
    if not _LEGAL.search(paragraph) and not _LIST_FOOTER.search(paragraph):
        return None
    rule = start < last and len(lines[start].strip()) >= 10 and not lines[start].strip(_RULE)
    told = {found[0].lower() for found in _LEGAL.finditer(paragraph)}
    notice = len(told) >= 2 or (rule and bool(_LIST_FOOTER.search(paragraph)))
    return start if notice and not _FAULT.search(paragraph) else None


def is_device(line: str) -> bool:
    """Tell a line that a device or a mail program put below the mail, such as "Sent from my iPhone"."""
    line = line.strip()
    if not 5 < len(line) < 160:
        return False
    if _MY_DEVICE.fullmatch(line):
        return True
    found = _DEVICE.match(line)
    tail = re.sub(r"[<(\[]?https?://\S{1,140}", "", found[1] if found else "").strip(" .*_])>")
    if not found:
        return bool(_DEVICE_LAST.fullmatch(line) and _DEVICES.search(line))
    sentence = re.search(r"[;!?]|\.\s" if tail.isascii() and len(tail.split()) < 6 else r"[,;!?]|\.\s", tail)
    return len(tail.split()) <= 8 and not sentence and bool(_DEVICES.search(line))


def _without_signature(lines: list[str], *, more: bool) -> tuple[list[str], list[str]]:
    """Cut the signature: what follows the last signature rule, or a closing with the sender's details."""
    at = _signature(lines)
    if at is None or not (more or any(line.strip(_RULE) for line in lines[:at])):
        return lines, []
    if not lines[at].strip(_RULE):
        return lines[:at], lines[at + 1 :]
    while at and _is_bare_closing(lines[at - 1]):
        at -= 1
    return lines[:at], lines[at:]


def _signature(lines: list[str]) -> int | None:
    """Give the line at which the signature starts, its rule included."""
    for at in range(len(lines) - 1, max(-1, len(lines) - 1 - 2 * SIGNATURE_LINES), -1):
        line = lines[at].strip()
        below = [below for below in lines[at + 1 :] if below.strip()]
        if line in {"--", "—", "––"} and below:
            return at if lines[at] == "-- " or _is_block(below) else None
        if len(line) >= 3 and not line.strip(_RULE) and below and not below[0][0].islower() and _details(below):
            return at
        if _closes(line, below) or (not below and _is_dashed_name(lines, at)):
            return at
    return None


def _is_block(below: list[str]) -> bool:
    """Tell what may stand below a bare "--": few lines, and none of a fault."""
    return len(below) <= SIGNATURE_LINES and not any(_FAULT.search(line[:LINE]) for line in below)


def _is_bare_closing(line: str) -> bool:
    """Tell a closing alone on its line, such as the first of two ("此致", "敬礼")."""
    found = _CLOSING.fullmatch(line[:LINE])
    return found is not None and not found[1]


def _is_dashed_name(lines: list[str], at: int) -> bool:
    """Tell "- Ann Lee" under a mail from the last item of a list."""
    before = next((line.strip() for line in reversed(lines[max(0, at - 3) : at]) if line.strip()), "-")
    return bool(_DASHED_NAME.fullmatch(lines[at][:LINE])) and before[0] not in "-–—~*•" and not before.endswith(":")


def _details(lines: list[str]) -> bool:
    """Tell a block of name and contacts: few short lines, at least one contact or title, none of a fault."""
    if len(lines) > CLOSING_LINES or any(len(line) > 90 or _SENTENCE.fullmatch(line.strip()) for line in lines):
        return False
    return any(_DETAIL.search(line) for line in lines) and not any(_FAULT.search(line) for line in lines)


def _closes(line: str, below: list[str]) -> bool:
    """Tell a closing with the sender's details below it; a bare "Thanks, Ann" is part of what she wrote."""
    found = _CLOSING.fullmatch(line[:LINE])
    if not found or (len(found[1].split()) > 4 and not _REGARDS.match(line)):
        return False
    return _details([line, *below])
