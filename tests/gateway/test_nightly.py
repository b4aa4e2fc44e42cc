"""The nightly training: when its time has come, once for all workers, niced, and never in the road's way."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from classifier.model import Model
from config.settings import Gateway, Learning, Settings, Storage
from gateway import learning
from gateway.learning import LANGUAGES
from gateway.nightly import PEACE, Nightly, training
from storage import models
from storage.database import Database
from storage.models import State
from tests.gateway.running import PATIENCE, ROOT, eventually

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
MARK = "import pathlib, sys; pathlib.Path(sys.argv[1]).open('a').write('x')"


def settings(nightly: str = "03:30") -> Settings:
    return Settings(gateway=Gateway(zone="Europe/Moscow"), learning=Learning(nightly=nightly))


def night(database: Database, mark: Path, started: datetime, nightly: str = "03:30", code: str = MARK) -> Nightly:
    return Nightly(settings(nightly), database, [sys.executable, "-c", code, str(mark)], started)


def begun(one: Nightly, mark: Path) -> int:
    """Let the child end; tells how many have run by now."""
    if one._child is not None:
        one._child.wait(30)
    return len(mark.read_text()) if mark.exists() else 0


def test_it_begins_at_its_time_of_the_desk_s_zone_and_once_a_day(database: Database, tmp_path: Path) -> None:
    one, mark = night(database, tmp_path / "mark", NOON - timedelta(days=9)), tmp_path / "mark"
    begin = datetime(2026, 11, 27, 0, 29, tzinfo=UTC)  # 03:29 in Moscow
    one.look(begin)
    assert begun(one, mark) == 0
    one.look(begin + timedelta(minutes=1))
    assert begun(one, mark) == 1
    for hours in (0, 1, 12, 20):
        one.look(begin + timedelta(hours=hours, minutes=2))
        assert begun(one, mark) == 1
    one.look(begin + timedelta(days=1))
    assert begun(one, mark) == 1
    one.look(begin + timedelta(days=1, minutes=1))
    assert begun(one, mark) == 2


def test_of_all_workers_one_trains(database: Database, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    workers = [night(database, mark, NOON - timedelta(days=1)) for _ in range(3)]
    for _ in range(2):
        for one in workers:
            one.look(NOON)
            begun(one, mark)
    assert len(mark.read_text()) == 1


def test_a_day_before_is_nobody_s_any_more(database: Database) -> None:
    """A clock that jumps back trains nothing twice."""
    claim = partial(models.begin_night, day=date(2026, 11, 27))
    assert database.write(claim)
    assert not database.write(claim)
    assert not database.write(partial(models.begin_night, day=date(2026, 11, 26)))
    assert database.write(partial(models.begin_night, day=date(2026, 12, 1)))


def test_a_worker_that_starts_is_left_in_peace_and_makes_up_for_the_night(database: Database, tmp_path: Path) -> None:
    one, mark = night(database, tmp_path / "mark", NOON), tmp_path / "mark"
    one.look(NOON + PEACE - timedelta(seconds=1))
    assert begun(one, mark) == 0
    one.look(NOON + PEACE)
    assert begun(one, mark) == 1


def test_without_a_time_it_never_begins(database: Database, tmp_path: Path) -> None:
    one, mark = night(database, tmp_path / "mark", NOON - timedelta(days=9), nightly=""), tmp_path / "mark"
    one.look(NOON)
    assert begun(one, mark) == 0


def test_nothing_waits_for_it_and_it_ends_with_the_worker(database: Database, tmp_path: Path) -> None:
    one = night(database, tmp_path / "mark", NOON - timedelta(days=1), code="import time; time.sleep(600)")
    one.look(NOON)
    child = one._child
    assert child is not None
    one.look(NOON + timedelta(seconds=5))
    assert child.poll() is None
    one.stop()
    assert child.poll() is not None


def test_a_failure_is_told_and_the_next_night_tries_again(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = night(database, tmp_path / "mark", NOON - timedelta(days=1), code="raise SystemExit(3)")
    one.look(NOON)
    begun(one, tmp_path / "mark")
    one.look(NOON + timedelta(seconds=5))
    assert "ended with 3" in caplog.text
    one.look(NOON + timedelta(days=1))
    assert one._child is not None
    begun(one, tmp_path / "mark")


def test_a_program_that_is_not_there_stops_nothing(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = Nightly(settings(), database, [str(tmp_path / "none")], NOON - timedelta(days=1))
    one.look(NOON)
    assert "can't be started" in caplog.text
    one.look(NOON + timedelta(seconds=5))


def test_the_real_command_trains_niced_models_of_the_starter_set(
    profile: tuple[Gateway, Storage], database: Database, tmp_path: Path
) -> None:
    """A fresh install has its first models after its first night, and they decide nothing yet."""
    gateway, storage = profile
    where = f"url = '{storage.url}'" if storage.url else "min_free = 0"
    wiring = tmp_path / "faultgate.toml"
    wiring.write_text(f"[gateway]\ndata = '{gateway.data}'\n[storage]\n{where}\n", "utf-8")
    with subprocess.Popen(training(wiring), cwd=ROOT) as child:
        niced = eventually(lambda: _priority(child.pid) == learning.NICE or child.poll() is not None, "it is niced")
        assert niced
        assert child.wait(PATIENCE) == 0
    with database.read() as tx:
        made = models.models(tx)
        first = Model.load(models.content(tx, "ru") or b"")
    assert {(one.language, one.state) for one in made} == {(language, State.PROMOTED) for language in LANGUAGES}
    assert first.card.thresholds == {}
    assert "nothing new since" in learning.learn(database, "ru", NOON, only_news=True)


def _priority(process: int) -> int:
    try:
        return os.getpriority(os.PRIO_PROCESS, process)
    except ProcessLookupError:
        return 0
