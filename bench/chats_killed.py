"""Kill the doors' process again and again while chats are heard, by polling and by webhook: what is lost or doubled?

Run: python -m bench.chats_killed [UPDATES] [KILLS] [SEED]
"""

import sys
import tempfile
from pathlib import Path

from tests.torture.chats import killed


def main() -> None:
    """Print what became of the updates, both ways."""
    updates, kills, seed = (int(one) for one in (*sys.argv[1:], *("400", "20", "1")[len(sys.argv) - 1 :]))
    for webhook in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            outcome = killed(Path(folder), webhook=webhook, updates=updates, kills=kills, chats=5, seed=seed)
        print("webhook" if webhook else "polling", outcome)


if __name__ == "__main__":
    main()
