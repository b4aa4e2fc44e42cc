"""Who reports: from the text by its language, from the signature, from the sender's display name."""

import re
from collections.abc import Iterator

from normalizer.context import Context
from normalizer.fields import names_latin, names_ru, names_zh
from normalizer.fields.contacts import is_fax
from normalizer.fields.passages import Candidate, Passage
from records.reading import Reading
from records.record import Evidence

_NO_PERSON = re.compile(
    r"[@\d_]|\b(?:ооо|оао|пао|ао|зао|ип|служба|отдел|поддержк|support|info|help|admin|noc|no-?reply|office|компани"
    r"|администратор|бухгалтери|team"
    r"|group|ltd|inc|llc|gmbh|srl|spa|service|sales|assistenza|ufficio|客服|公司|中心)",
    re.IGNORECASE,
)
#: A display name of two words: the forwarded author is the reporter whoever else is named.
_TRUST = {"from": 0.86, "forwarded": 0.97}
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")


def names(passage: Passage, language: str) -> Iterator[Candidate]:
    """Find the reporter's names in one text."""
    own = passage.where in {"signature", "envelope"}
    if language == "zh":
        yield from names_zh.names(passage, own=own)
    elif language == "ru" and _CYRILLIC.search(passage.text):
        yield from names_ru.names(passage, own=own)
    else:
        yield from names_latin.names(
            passage, own=own, language="it" if language == "it" else "en", translit=language == "ru"
        )


def sender_name(reading: Reading, context: Context) -> Iterator[Candidate]:
    """Give the display name of the sender, of the forwarded author where the report was forwarded."""
    header = reading.forwarded_from or reading.from_
    if is_fax(reading, context):
        return
    written = " ".join((header.name or "").replace('"', " ").split()) if header else ""
    words = written.replace(",", " ").split()
    if 1 <= len(words) <= 4 and not _NO_PERSON.search(written) and all(word[0].isalpha() for word in words):
        where = "forwarded" if reading.forwarded_from else "from"
        evidence = Evidence(text=written, where=where, confidence=_TRUST[where] if len(words) > 1 else 0.72)
        yield Candidate(field="reporter.name", value=written, evidence=evidence)


def fuller(chosen: Candidate, names: list[Candidate]) -> Candidate:
    """Give the fullest of the names that say the same person: Петров Иван Васильевич for Петров."""
    words = _words(chosen.value)
    longer = [name for name in names if words < _words(name.value)]
    return max(longer, key=lambda name: len(_words(name.value)), default=chosen)


def _words(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.lower().replace("ё", "е")))
