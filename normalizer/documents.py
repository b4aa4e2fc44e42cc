"""Which reports have pages that only a child for paper may read, for it takes seconds."""

import re
from typing import Final

from normalizer.context import Context
from normalizer.fields.contacts import is_fax
from normalizer.readers.office_types import OFFICE
from records.media import is_paper
from records.reading import Part, Reading
from records.record import FaultRecord

_WRITTEN: Final = frozenset({"application/pdf", "image/tiff", *OFFICE})  # sent to be read, not to be looked at
_LARGE: Final = 30_000  # bytes: a smaller picture in a mail is a logo
_SHORT: Final = 25  # words: who writes less beside a document lets that speak
_GREETING: Final = re.compile(
    r"(?:здравствуйте|добр\w+ (?:день|утро|вечер|времени суток)|приветствую|уважаем\w+ [^\n,!.]{1,60}"
    r"|с уважением|спасибо|благодарю|hello|hi|good (?:morning|day|afternoon|evening)|dear [^\n,!.]{1,40}"
    r"|(?:kind |best )?regards|thank you|thanks|buongiorno|buonasera|salve|gentil\w+ [^\n,!.]{1,40}"
    r"|spett\w*\.? [^\n,!.]{1,40}|(?:cordiali |distinti )?saluti|grazie|您好|你好|谢谢|此致|敬礼)[\s,.!，。！]{0,3}",
    re.IGNORECASE,
)
_SEE: Final = re.compile(
    r"во вложени|вложен|прил[ао]г|прикреп|приложени|скан|attach|enclosed|allegat|in allegato|附件|见附|扫描",
    re.IGNORECASE,
)


def wanted(reading: Reading, record: FaultRecord, context: Context) -> bool:
    """Tell whether the original must be read again by a child that recognises pages."""
    if context.recognise or reading.machine_mail is not None:
        return False
    if is_paper(reading.media_type):
        return any(not page.text and page.problem is None for page in reading.pages)
    readable = [part for part in reading.parts if is_readable(part)]
    if not readable or reading.media_type != "message/rfc822":
        return False
    if is_fax(reading, context):
        return True
    if says_little(reading.new_text):
        return True
    lacks = bool(record.missing) or (record.affected.account is None and record.affected.address.street is None)
    return lacks and any(part.media_type in _WRITTEN for part in readable)


def is_readable(part: Part) -> bool:
    """Tell a part of a mail that may be a document: no logo, nothing that can't be opened."""
    if part.problem is not None:
        return False
    return part.media_type in _WRITTEN or (is_paper(part.media_type) and part.size >= _LARGE)


def says_little(text: str) -> bool:
    """Tell a text that is no report: a greeting, "see attachment"."""
    words = len(re.findall(r"\w+", _GREETING.sub(" ", text))) + len(re.findall(r"[\u4e00-\u9fff]", text)) // 2
    return words <= 5 or (words <= _SHORT and _SEE.search(text) is not None)
