"""The stretches of a report that fields are read from, and what is found in them."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from normalizer.fields.lookalikes import repair
from normalizer.paper.places import Places, Trail
from normalizer.readers.office_types import OFFICE
from records.reading import Page, Reading
from records.record import Evidence

#: No field is looked for beyond so many characters.
LONGEST = 50_000
#: Stands where a claimed stretch was: neither letter, digit nor space.
BLANK = "\0"
#: Stands where a telephone number or an e-mail address was: people write their names beside these.
CONTACT = "\1"


class Candidate(Struct, frozen=True, kw_only=True):
    """One value that a field may take."""

    field: str  # dotted: affected.account
    value: str
    evidence: Evidence
    sure: float = 1.0  # how surely the words were read; 1 for what came as text


def lower(text: str) -> str:
    """Give the text in lower case, letter for letter."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(char.lower()[0] for char in text)


class Passage:
    """One text. `repaired` has look-alikes put right, `lower` is that in lower case, `open` without what is claimed.

    All have the same length, so that a place in one is the same place in the others.
    """

    def __init__(self, where: str, text: str, trust: float = 1.0, pages: Sequence[Page] = ()) -> None:
        """`pages`: those that the text was read from."""
        self.where = where
        self.text = text[:LONGEST]
        self.trust = trust
        self.trail: Trail | None = Places(pages).along(self.text) if pages else None
        self.repaired = repair(self.text)
        self.lower = lower(self.repaired)
        self.open = self.repaired

    def claim(self, start: int, end: int, mark: str = BLANK) -> None:
        """Take a stretch away from the finders that come later."""
        self.open = f"{self.open[:start]}{mark * (end - start)}{self.open[end:]}"

    def candidate(self, field: str, value: str, span: tuple[int, int], confidence: float) -> Candidate:
        """Give a value with its evidence: the text as written."""
        written, sure = self.text[span[0] : span[1]].strip(), confidence * self.trust
        place = self.trail.place(*span) if self.trail else None
        if place is None:
            evidence = Evidence(text=written, where=self.where, confidence=round(sure, 3))
            return Candidate(field=field, value=value, evidence=evidence)
        where = self.where if self.where.startswith("attachment") else f"page {place.page}"
        confidence = round(sure * place.sure, 3)
        evidence = Evidence(text=written, where=where, confidence=confidence, page=place.page, box=place.box)
        return Candidate(field=field, value=value, evidence=evidence, sure=place.sure)

    def before(self, start: int, length: int = 40) -> str:
        """Give the words before a place, lower case."""
        return self.lower[max(0, start - length) : start]

    def after(self, end: int, length: int = 40) -> str:
        """Give the words after a place, lower case."""
        return self.lower[end : end + length]


def passages(reading: Reading) -> Iterator[Passage]:
    """Give the texts of a report in order of trust; quoted text is none of them.

    Where a mail only brings a document, that is its text.
    """
    carried = [part for part in reading.parts if part.text]
    brought = bool(carried) and reading.new_text == joined(part.text for part in carried)
    if not brought:
        yield Passage("body", reading.new_text, pages=() if carried else reading.pages)
    if reading.subject:
        yield Passage("subject", reading.subject, 0.95)
    if reading.signature and reading.forwarded_from is None:  # otherwise the colleague's who forwarded it
        yield Passage("signature", reading.signature, 0.95, () if carried else reading.pages)
    for part in carried:
        pages = [page for page in reading.pages if page.number in part.pages]
        yield Passage(f"attachment {part.path}", part.text, 1.0 if brought else 0.9, pages)


def joined(texts: Iterable[str]) -> str:
    """Put the texts of several documents together."""
    return "\n\n".join(text for text in texts if text)


def is_letter(reading: Reading) -> bool:
    """Tell a report that was written as a letter, with head and signature, whatever brought it."""
    return bool(reading.pages or reading.media_type in OFFICE or any(part.text for part in reading.parts))
