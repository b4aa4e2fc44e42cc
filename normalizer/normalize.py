"""The whole writing desk: what a reading child does with one original."""

from normalizer.job import Job, Normalized
from normalizer.linking import clues
from normalizer.readers import read
from normalizer.record import record


def normalize(job: Job) -> Normalized:
    """Read an original, make its record, and gather what may tie it to an earlier one."""
    reading = read(job.content, job.media_type, job.context)
    return Normalized(reading=reading, record=record(reading, job.context), clues=clues(reading, job.context.envelope))
