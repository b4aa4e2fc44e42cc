"""How a process is told to stop."""

import os
import select
import signal
from types import FrameType


class Stopping:
    """Set by SIGTERM or SIGINT; made once, in the main thread.

    No `threading.Event`: its lock is not reentrant, so a signal that comes while the handler of another sets it (a
    supervisor's order and the kernel's word of its death) would hang the process for ever.
    """

    def __init__(self) -> None:
        self._told = False
        self._ear, mouth = os.pipe()
        os.set_blocking(mouth, False)
        signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self._hear)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self._told = True

    def is_set(self) -> bool:
        """Tell whether it is time to stop."""
        return self._told

    def wait(self, seconds: float | None = None) -> None:
        """Sleep until told to stop, at most so long."""
        select.select([self._ear], [], [], seconds)
