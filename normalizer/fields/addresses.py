"""Where it fails, by the language of the text."""

import re
from collections.abc import Iterator

from normalizer.fields import addresses_latin, addresses_ru, addresses_zh
from normalizer.fields.passages import Candidate, Passage

_FINDERS = {
    "ru": addresses_ru.addresses,
    "zh": addresses_zh.addresses,
    "it": addresses_latin.italian,
    "en": addresses_latin.english,
}
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")


def addresses(passage: Passage, language: str) -> Iterator[Candidate]:
    """Find city, street, house, building, entrance and flat."""
    if language == "ru" and not _CYRILLIC.search(passage.text):
        yield from addresses_latin.latin_russian(passage)
    else:
        yield from _FINDERS[language](passage)
