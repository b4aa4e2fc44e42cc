"""Where it fails, by the language of the text."""

from collections.abc import Iterator

from normalizer.fields import addresses_ru
from normalizer.fields.passages import Candidate, Passage

_FINDERS = {"ru": addresses_ru.addresses}


def addresses(passage: Passage, language: str) -> Iterator[Candidate]:
    """Find city, street, house, building, entrance and flat."""
    yield from _FINDERS[language](passage) if language in _FINDERS else ()
