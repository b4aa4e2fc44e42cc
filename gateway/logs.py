"""The log: one line an event whatever outside text is in it, and no word of a mail."""

import logging
import sys
import threading
import traceback
from types import TracebackType

_ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
#: Libraries log the words of mails at DEBUG and INFO; personal data must not be logged.
_TALKATIVE = (
    "mail.log", "mail.debug", "dramatiq", "imapclient", "pika", "asyncio", "alembic", "uvicorn", "python_multipart",
)  # fmt: skip


class Discreet(logging.Formatter):
    """Tells of an exception what it is and where it came from; its text is left out, as it may quote a customer."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the whole entry."""
        record.exc_text = None  # what another formatter may have kept there
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Give one line: what could break it, hide or steer a terminal is escaped."""
        line = super().formatMessage(record)
        return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)

    def formatException(self, ei: _ErrorInfo) -> str:  # noqa: N802 - logging's name
        """Give the frames and types of the error and of those before it."""
        error, told, seen = ei[1], list[str](), set[int]()
        while error is not None and id(error) not in seen:  # a chain may bite its tail
            seen.add(id(error))
            told.insert(0, "".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(told)


def set_up() -> None:
    """Log to standard error, errors that nobody catches too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(_FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("faultgate").critical("ended by a fault of its own", exc_info=(kind, error, trace))


def _uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        _uncaught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
