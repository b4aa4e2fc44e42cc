"""What a step met, told in the log and kept with its task."""

import logging

from normalizer.guard import ReaderDied
from records.arrival import TryAgain
from records.tasks import Task
from storage import tasks

log = logging.getLogger("faultgate.worker")


def told(task: Task, error: Exception) -> str:
    """Log what a step met, and name it without what it may quote: texts of libraries repeat the customer's words."""
    if isinstance(error, tasks.Late):
        log.warning("task %d woke up too late: nothing was changed", task.id)
        return "late"
    if isinstance(error, TryAgain | ReaderDied):
        log.warning("task %d: %s: %s", task.id, type(error).__name__, error)
        return str(error)
    log.error("task %d: %s", task.id, type(error).__name__, exc_info=error)
    return type(error).__name__
