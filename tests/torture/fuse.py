"""A reading child that a mail with the word LUNTA kills, as a fault in a library would; others it reads as ever."""

import os
import signal

from normalizer.child import main
from normalizer.job import Job, Normalized
from normalizer.normalize import normalize


def work(job: Job) -> Normalized:
    if b"LUNTA" in job.content:
        os.kill(os.getpid(), signal.SIGKILL)
    return normalize(job)


if __name__ == "__main__":
    main(work, Job)
