"""The original beside its fields: which pages there are to see, or the text with the places where fields were read."""

import re
from collections.abc import Mapping

from msgspec import Struct

from desk.actions import Seen
from desk.pages.form import PEOPLE
from records.media import is_paper
from records.reading import Mailbox, Part, Reading
from records.record import Evidence


class Piece(Struct, frozen=True, kw_only=True):
    """A stretch of text, and the fields that were read in it."""

    text: str
    fields: tuple[str, ...] = ()


class Shown(Struct, frozen=True, kw_only=True):
    """What stands beside the form."""

    pages: tuple[int, ...] = ()  # of the original, or of what a mail brings; empty: there is no paper
    page: int = 1  # the one to show first
    turns: Mapping[int, int] = {}  # degrees by which a page must be turned clockwise to stand upright
    sender: str = ""
    subject: tuple[Piece, ...] = ()
    pieces: tuple[Piece, ...] = ()
    quoted: str = ""
    attachments: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()


def shown(seen: Seen, known: tuple[int, ...], page: str = "") -> Shown:
    """Choose what to show of a report: `known` are its pages where they are known, `page` the address's choice."""
    reading = seen.version.reading if seen.version else None
    paper = is_paper(seen.kept.media_type)
    pages = known or _pages(seen, reading) if paper else _brought(reading)
    first = int(page) if page.isdecimal() and len(page) < 9 and int(page) in pages else next(iter(pages), 1)
    turns = {one.number: one.rotation for one in (reading.pages if reading else ())}
    if paper or reading is None:
        return Shown(pages=pages, page=first, turns=turns, notes=reading.notes if reading else ())
    evidence = seen.record.evidence if seen.record else {}
    return Shown(
        pages=pages, page=first, turns=turns, sender=_sender(reading.from_),
        subject=marked(reading.subject or "", evidence),
        pieces=marked(_text(reading), evidence), quoted=reading.quoted_text, attachments=reading.parts,
        notes=reading.notes,
    )  # fmt: skip


def _sender(box: Mailbox | None) -> str:
    address = f"<{box.address}>" if box and box.address else None
    return " ".join(filter(None, (box.name if box else None, address)))


def marked(text: str, evidence: Mapping[str, Evidence]) -> tuple[Piece, ...]:
    """Cut a text where fields were read in it; the longer find wins where two overlap."""
    finds: dict[tuple[int, int], list[str]] = {}
    for name, one in evidence.items():
        place = _place(text, one.text) if one.where not in (*PEOPLE, "reader", "envelope") else None
        if place:
            finds.setdefault(place, []).append(name)
    pieces, at = [], 0
    for (begin, end), names in sorted(finds.items(), key=lambda find: (find[0][0], -find[0][1])):
        if begin < at:
            continue
        pieces += [Piece(text=text[at:begin])] if begin > at else []
        pieces.append(Piece(text=text[begin:end], fields=tuple(names)))
        at = end
    return (*pieces, Piece(text=text[at:])) if at < len(text) else tuple(pieces)


def _place(text: str, wanted: str) -> tuple[int, int] | None:
    """Find where evidence stands, however its white space was folded."""
    words = wanted.split()[:50]
    found = re.search(r"\s+".join(map(re.escape, words)), text, re.IGNORECASE) if words else None
    return found.span() if found else None


def _text(reading: Reading) -> str:
    """The new text with its signature; all of it where that cut too much."""
    own = reading.new_text.strip()
    signature = reading.signature.strip()
    return f"{own}\n\n{signature}" if signature and signature not in own else own or reading.text.strip()


def _brought(reading: Reading | None) -> tuple[int, ...]:
    """Name the pages of documents that a mail brings, those that can be drawn."""
    parts = reading.parts if reading else ()
    return tuple(page for part in parts if is_paper(part.media_type) for page in part.pages)


def _pages(seen: Seen, reading: Reading | None) -> tuple[int, ...]:
    if reading and reading.pages:
        return tuple(page.number for page in reading.pages)
    return tuple(range(1, min(seen.kept.envelope.page_count or 1, 500) + 1))
