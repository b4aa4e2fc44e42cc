"""What goes to a reading child, and what comes back."""

from msgspec import Struct

from normalizer.context import Context
from records.linking import Clues
from records.reading import Reading
from records.record import FaultRecord
from records.sender import Sender


class Job(Struct, frozen=True, kw_only=True):
    """One original to be read, with its circumstances."""

    content: bytes
    media_type: str
    context: Context


class Normalized(Struct, frozen=True, kw_only=True):
    """One original read: its text and parts, its record, and what may tie it to an earlier one."""

    reading: Reading
    record: FaultRecord
    clues: Clues
    letters: tuple[tuple[int, ...], ...] = ()  # a stack: the pages of each letter in it; the reading is the first one's
    sender: Sender | None = None  # of a partner's mail whose author is named once and for sure
    wants_recognition: bool = (
        False  # it holds pages that only a child for paper may read: the report must be read again
    )
