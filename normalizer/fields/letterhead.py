"""To whom a letter is written: the head that names us is nothing of the customer's."""

import re
from collections.abc import Iterator
from typing import Final

from normalizer.fields.passages import Passage

_HEAD: Final = 1_500  # characters in which a letter's head stands
_LINES: Final = 15
_TO: Final = re.compile(
    r"\s{0,9}(?:кому\b|куда\b"
    r"|(?:генеральн\w+ |исполнительн\w+ |техническ\w+ |коммерческ\w+ |главн\w+ )?(?:директору|инженеру)\b"
    r"|(?:начальнику|руководителю|заведующему|председателю|управляющему|президенту|главе)\b"
    r"|в (?:ооо|ао|пао|оао|зао|службу|отдел|компани\w|техническ\w+|абонентск\w+|филиал|адрес)\b"
    r"|to\b\s{0,2}[:\n]|to (?:the )?(?:manager|director|head|customer)|attn\b|attention\b|the manager\b"
    r"|spett\.? ?(?:le|li)?\b|spettabile\b|alla? (?:direzione|cortese|c\.?a|ditta|societ|servizio)|al servizio|all['’]"
    r"|egr\.|egregi\w|destinatario\b"
    r"|致[:：\s]|[\u4e00-\u9fff]{2,20}(?:公司|中心|部|局|处)[:：]\s{0,2}$)",
    re.IGNORECASE,
)
_FROM: Final = re.compile(
    r"\s{0,9}(?:от\b|от кого|отправитель|заявитель|абонент\b|from\b|sender\b|da\b\s?:|mittente\b"
    r"|(?:il|la) sottoscritt"
    r"|(?:申[告报]人|报修人|投诉人|寄件人|发件人|姓名|用户))",
    re.IGNORECASE,
)


def hide(passage: Passage) -> None:
    """Take the address of a letter away from the finders."""
    for start, end in _addressed(passage.repaired[:_HEAD]):
        passage.claim(start, end)


def _addressed(head: str) -> Iterator[tuple[int, int]]:
    """Give the lines that say to whom: from such a word to the sender or the end of the block.

    Where no word says so, it is what stands above the line that names the sender, but for numbers.
    """
    lines = head.split("\n")[:_LINES]
    sender = next((number for number, line in enumerate(lines) if _FROM.match(line)), 0)
    above = 0 if any(map(_TO.match, lines[:sender])) else sender
    addressing, start = False, 0
    for number, line in enumerate(lines):
        if _FROM.match(line) or not line.strip():
            addressing = False
        elif _TO.match(line) or (number < above and not any(map(str.isdigit, line))):
            addressing = True
        if addressing:
            yield start, start + len(line)
        start += len(line) + 1
