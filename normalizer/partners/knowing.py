"""Whose mail it is: its marks are compared with what templates know. Marks can be forged: they prove nothing."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from normalizer.partners.template import Known, Template, compiled
from normalizer.readers import headers, mime
from normalizer.readers.mime import Entity
from records.reading import Reading

_HEADER: Final = 1_000  # characters
_LINE: Final = 1_000
_LINES: Final = 300


class Knowing(NamedTuple):
    """A template that knows a mail, and the senders by whom it knows it; none where it knows only other marks."""

    template: Template
    senders: tuple[str, ...]


def known_by(content: bytes, reading: Reading, rivals: Sequence[Template]) -> list[Knowing]:
    """Give the templates that know a mail, those that know its sender first."""
    whole = mime.entity(content)
    met = ((template, [known for known in template.known if _holds(known, whole, reading)]) for template in rivals)
    knowing = [
        Knowing(template, tuple(sender.lower() for known in marks for sender in known.sender))
        for template, marks in met if marks
    ]  # fmt: skip
    return sorted(knowing, key=lambda one: not one.senders)


def _holds(known: Known, whole: Entity, reading: Reading) -> bool:
    """Tell whether all that is named holds, the cheapest first."""
    return (
        (not known.sender or _sent_by(known.sender, reading))
        and (known.subject is None or _meets(known.subject, reading.subject or ""))
        and all(_meets(pattern, headers.text(whole.raw(name.lower()))) for name, pattern in known.headers.items())
        and (known.part is None or any(part.media_type == known.part for part in reading.parts))
        and (known.text is None or any(_meets(known.text, line) for line in reading.text.split("\n")[:_LINES]))
    )


def _sent_by(senders: Sequence[str], reading: Reading) -> bool:
    boxes = (reading.from_, reading.forwarded_from, *reading.reply_to)
    addresses = [(box.address or "").lower() for box in boxes if box]
    return any(_is_of(address, one.lower()) for address in addresses for one in senders)


def _is_of(address: str, partner: str) -> bool:
    """Tell whether an address is the partner's, or in its domain or one below."""
    return address == partner or address.endswith((f"@{partner}", f".{partner}"))


def _meets(pattern: str, text: str) -> bool:
    return compiled(pattern).search(text[:_LINE]) is not None
