"""The worker's process with a reader that some mails kill: `fused_worker WIRING`."""

import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

import worker
from config.wiring import load
from gateway import labour
from normalizer.guard import Guard

if __name__ == "__main__":
    setattr(labour, "Guard", partial(Guard, module="tests.torture.fuse"))  # noqa: B010 (mypy knows it as a class)
    labour.POLL = {True: 0.05, False: 0.05}
    worker.PAUSE = timedelta(milliseconds=150)
    labour.run(load(Path(sys.argv[1])))
