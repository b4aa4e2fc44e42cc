"""Two gateways on one data folder: the second waits, and ends without a trace."""

import fcntl
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

from config.settings import Gateway, Storage
from gateway.bell import Listener, Ringer
from records.tasks import Step
from storage import tasks
from storage.opening import open_database, prepare


def test_a_worker_stopped_while_it_waits_for_another_takes_nothing_from_it(tmp_path: Path) -> None:
    gateway, storage = Gateway(data=str(tmp_path / "data")), Storage()
    prepare(gateway, storage)
    database, bell = open_database(gateway, storage), Listener(Path(gateway.data))
    row = database.write(lambda tx: tasks.add(tx, Step.NORMALIZE, 1, "a", 0))
    [task] = database.write(partial(tasks.begin, numbers=[row]))
    wiring = tmp_path / "faultgate.toml"
    wiring.write_text(f'[gateway]\ndata = "{gateway.data}"\n')

    with (Path(gateway.data) / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "faultgate", "part", "--config", str(wiring), "worker"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ) as second:
            assert second.stderr is not None
            assert "waiting for its end" in second.stderr.readline()
            second.send_signal(signal.SIGTERM)
            assert second.wait(20) == 0

    Ringer(Path(gateway.data)).ring()
    assert bell.wait(0.1), "the bell is ours no more"
    assert database.write(partial(tasks.finish, task=task)) == "a"
    database.close()
