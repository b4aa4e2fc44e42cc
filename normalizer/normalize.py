"""The whole writing desk: what a reading child does with one original."""

from msgspec.structs import replace

from normalizer import documents
from normalizer.context import Context
from normalizer.job import Job, Normalized
from normalizer.linking import clues
from normalizer.readers import read
from normalizer.record import record
from normalizer.statements import stated
from records.media import is_paper
from records.reading import Reading
from records.sender import Sender


def normalize(job: Job) -> Normalized:
    """Read an original, make its record, and gather what may tie it to an earlier one."""
    letters = _letters(job)
    context = replace(job.context, pages=letters[0]) if letters else job.context
    reading = read(job.content, job.media_type, context)
    told = stated(job.content, reading, context)
    made = record(reading, context, told)
    return Normalized(
        reading=reading,
        record=made,
        clues=clues(reading, context.envelope),
        letters=letters,
        sender=_sender(job.content, reading, context, told.senders) if told.senders else None,
        wants_recognition=documents.wanted(reading, made, context),
    )


def _sender(content: bytes, reading: Reading, context: Context, partner: tuple[str, ...]) -> Sender | None:
    from normalizer.senders import sender  # few mails are a partner's: no child loads cryptography for the others

    return sender(content, reading, context, partner)


def _letters(job: Job) -> tuple[tuple[int, ...], ...]:
    """Divide a stack into its letters; empty where it is none, or was divided before."""
    context: Context = job.context
    if context.separator == "none" or context.pages or not context.recognise or not is_paper(job.media_type):
        return ()
    from normalizer.paper.sources import Damaged, Locked, opened
    from normalizer.paper.stacks import letters

    try:
        return letters(opened(job.content, job.media_type), context.separator, context.barcode)
    except (Locked, Damaged):
        return ()
