"""How fast mail is taken for good: the SMTP door with its archive against Postfix, both on this disk.

    python bench/smtp_accept.py [--messages 4000] [--large 600] [--runs 3] [--slow-ms 1]

Load: `smtp-source`, 20 sessions over loopback. The door is the gateway's own `doors` process. Postfix has its own
configuration and queue in a temporary folder and throws away what it has taken (discard). Runs alternate; each figure
is the median of its runs, and each ratio compares medians of one invocation. `--slow-ms` delays every fsync and
fdatasync of both servers alike.
"""

import argparse
import contextlib
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
POSTFIX_PORT, DOOR_PORT = 26025, 26026

SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>
static void late(void) { usleep(1000 * atoi(getenv("SLOW_SYNC_MS"))); }
int fsync(int fd) { late(); return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd); }
int fdatasync(int fd) { late(); return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd); }
"""

MAIN_CF = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = bench.localhost
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
local_recipient_maps =
alias_maps =
default_transport = discard
relay_transport = discard
local_transport = discard
import_environment = LD_PRELOAD SLOW_SYNC_MS MAIL_CONFIG
export_environment = LD_PRELOAD SLOW_SYNC_MS MAIL_CONFIG
"""

MASTER_CF = """
127.0.0.1:{port} inet n - n - 100 smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
"""

DOOR = """
import sys
from config.settings import Gateway, Settings, Smtp
from gateway.doors import run
from storage.opening import prepare
settings = Settings(gateway=Gateway(data=sys.argv[1]), channels={"mail": Smtp(port=int(sys.argv[2]))})
prepare(settings.gateway, settings.storage)
run(settings)
"""


def slow_syncs(home: Path, milliseconds: int) -> dict[str, str]:
    """Give the environment in which every sync takes that much longer."""
    if not milliseconds:
        return dict(os.environ)
    source, shim = home / "slow.c", home / "slow.so"
    source.write_text(SHIM)
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", shim, source, "-ldl"], check=True)
    return {**os.environ, "LD_PRELOAD": str(shim), "SLOW_SYNC_MS": str(milliseconds)}


@contextlib.contextmanager
def postfix(home: Path, environment: dict[str, str]) -> Iterator[int]:
    """Run Postfix from a folder of its own; gives its port."""
    for name in ("etc", "queue", "data"):
        (home / name).mkdir(parents=True)
    shutil.chown(home / "data", "postfix")
    (home / "etc/main.cf").write_text(MAIN_CF.format(home=home))
    (home / "etc/master.cf").write_text(MASTER_CF.format(port=POSTFIX_PORT))
    command = ["postfix", "-c", str(home / "etc")]
    subprocess.run([*command, "start"], check=True, env=environment, capture_output=True)
    try:
        wait_for(POSTFIX_PORT)
        yield POSTFIX_PORT
    finally:
        subprocess.run([*command, "stop"], check=True, env=environment, capture_output=True)


@contextlib.contextmanager
def door(home: Path, environment: dict[str, str]) -> Iterator[int]:
    """Run the doors' process on a fresh archive; gives its port."""
    command = [sys.executable, "-c", DOOR, str(home), str(DOOR_PORT)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(DOOR_PORT)
        yield DOOR_PORT
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int) -> None:
    """Wait until a server greets on this port."""
    probe = ["smtp-source", "-m", "1", "-l", "100", f"127.0.0.1:{port}"]
    end = time.monotonic() + 20
    while subprocess.run(probe, check=False, capture_output=True).returncode:
        if time.monotonic() > end:
            raise SystemExit(f"nothing answers on port {port}")
        time.sleep(0.1)


def send(port: int, size: int, messages: int, sessions: int) -> float:
    """Send messages of `size` bytes; gives messages per second."""
    command = ["smtp-source", "-s", str(sessions), "-l", str(size), "-m", str(messages)]
    started = time.monotonic()
    subprocess.run([*command, "-f", "a@bench.localhost", "-t", "b@bench.localhost", f"127.0.0.1:{port}"], check=True)
    return messages / (time.monotonic() - started)


def settle(home: Path) -> None:
    """Wait until Postfix has thrown away what it took, so that the next run has the machine to itself."""
    while any(file.is_file() for name in ("incoming", "active") for file in (home / "queue" / name).rglob("*")):
        time.sleep(0.1)
    os.sync()


def count(home: Path) -> int:
    """Count what the archive holds."""
    with contextlib.closing(sqlite3.connect(home / "faultgate.db")) as archive:
        return int(archive.execute("SELECT count(*) FROM reports").fetchone()[0])


def measure(home: Path, cases: dict[int, int], runs: int, sessions: int, slow_ms: int) -> list[dict[str, float]]:
    """Run every case on both servers in turn; gives one row a case."""
    environment = slow_syncs(home, slow_ms)
    rows = []
    with postfix(home / "postfix", environment) as theirs, door(home / "door", environment) as ours:
        kept = count(home / "door")
        for size, messages in cases.items():
            figures: dict[int, list[float]] = {theirs: [], ours: []}
            for _ in range(runs):
                for port, rates in figures.items():
                    rates.append(send(port, size, messages, sessions))
                    settle(home / "postfix")
            medians = [statistics.median(figures[port]) for port in figures]
            rows.append(
                {"size": size, "sessions": sessions, "slow_ms": slow_ms, "postfix": medians[0], "door": medians[1],
                 "ratio": medians[1] / medians[0]}
            )  # fmt: skip
            kept += runs * messages
        found = count(home / "door")
    if found != kept:
        raise SystemExit(f"{kept} answered with 250, {found} found")
    return rows


def main() -> None:
    """Measure and print a table and one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=4000, help="of 5 kB in a run; 0: none")
    parser.add_argument("--large", type=int, default=600, help="messages of 1 MB in a run; 0: none")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--slow-ms", type=int, default=0, help="added to every sync of both servers")
    given = parser.parse_args()
    cases = {size: messages for size, messages in ((5120, given.messages), (2**20, given.large)) if messages}
    with tempfile.TemporaryDirectory(prefix="faultgate-bench-") as folder:
        Path(folder).chmod(0o755)  # Postfix's own user works in it
        rows = measure(Path(folder), cases, given.runs, given.sessions, given.slow_ms)
    print(f"{'bytes':>9} {'sync +ms':>8} {'Postfix/s':>10} {'door/s':>10} {'ratio':>6}")
    for row in rows:
        print(f"{row['size']:9} {row['slow_ms']:8} {row['postfix']:10.0f} {row['door']:10.0f} {row['ratio']:6.2f}")
    print(json.dumps({"bench": "smtp_accept", "rows": rows}))


if __name__ == "__main__":
    main()
