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


def normalize(job: Job) -> Normalized:
    """Read an original, make its record, and gather what may tie it to an earlier one."""
    letters = _letters(job)
    context = replace(job.context, pages=letters[0]) if letters else job.context
    reading = read(job.content, job.media_type, context)
    made = record(reading, context, stated(job.content, reading, context))
    return Normalized(
        reading=reading,
        record=made,
        clues=clues(reading, context.envelope),
        letters=letters,
        wants_recognition=documents.wanted(reading, made, context),
    )


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
