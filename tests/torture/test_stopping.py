"""A process that is told to stop many times at once stops once."""

import signal
import subprocess
import sys

from tests.torture.strace import PATIENCE

_WAITER = """
import sys
from gateway.stopping import Stopping
stopping = Stopping()
sys.stdout.write("ready\\n")
sys.stdout.flush()
while not stopping.is_set():
    stopping.wait()
while sys.stdin.read(1):  # more signals come
    pass
"""


def test_signals_that_interrupt_each_other() -> None:
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", _WAITER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        for _ in range(500):
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
