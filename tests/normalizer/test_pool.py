"""Nobody waits for ever for a reader."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.settings import Readers
from normalizer.leash import Child
from normalizer.pool import Pool
from records.arrival import TryAgain

BOMBS = "tests.normalizer.bombs"


def test_who_waits_while_the_last_reader_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine has no process left for a second reader; then the first one dies at its work."""
    pool = Pool(Readers(processes=2), BOMBS, niced=False)
    started, refused = threading.Event(), threading.Event()
    new = pool._new

    def one_only() -> Child:
        if started.is_set():
            refused.set()
            raise OSError("no process to be had")
        started.set()
        return new()

    monkeypatch.setattr(pool, "_new", one_only)

    def wait() -> None:
        with pool.lent():
            pass

    with ThreadPoolExecutor() as threads:
        with pool.lent() as first:
            waiting = threads.submit(wait)
            assert refused.wait(10)
            first.kill()
        try:
            with pytest.raises(TryAgain, match="no process"):
                waiting.result(5)
        finally:
            pool.close()
