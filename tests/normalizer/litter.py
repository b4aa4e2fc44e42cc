"""A reading child that has left a process of its own behind before it was confined."""

import os
import time

from normalizer.child import main
from normalizer.job import Job, Normalized
from tests.normalizer import bombs


def tell(job: Job) -> Normalized:
    """Name the grandchild, or do what the original says."""
    bombs.BOMBS["grandchild"] = lambda _: grandchild
    return bombs.explode(job)


if __name__ == "__main__":
    grandchild = os.fork()
    if grandchild == 0:
        time.sleep(600)
    main(tell, Job)
