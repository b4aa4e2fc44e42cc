"""Laws 1 to 3 over both doors and both profiles, small enough for every change (`bench.torture` does 1,000)."""

from pathlib import Path

from tests.channels.dovecot import Dovecot
from tests.torture.broker import rabbit
from tests.torture.run import Plan, Stage, torture


def test_embedded(tmp_path: Path, dovecot: Dovecot) -> None:
    figures = torture(Stage(tmp_path, dovecot), Plan(seed=20261120, smtp=210, imap=90))

    assert figures.tickets == figures.found == 300


def test_cluster(tmp_path: Path, dovecot: Dovecot, empty_postgres: str) -> None:
    with rabbit() as broker:
        stage = Stage(tmp_path, dovecot, url=empty_postgres, rabbit=broker)
        figures = torture(stage, Plan(seed=20261121, smtp=70, imap=30, pace=0.6))

    assert figures.tickets == figures.found == 100
