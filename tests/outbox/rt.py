"""A real Request Tracker on loopback for the tests, by the tool beside the project."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import unavailable

TOOL = Path(__file__).parents[2] / "../shared/tools/rt/start.sh"


@contextmanager
def request_tracker() -> Iterator[tuple[str, Path]]:
    """Give its URL and the file with the token of the user that may work in the queue Faults."""
    if not TOOL.exists() or os.geteuid() != 0:
        unavailable(f"a Request Tracker needs root and {TOOL}")
    folder = Path(tempfile.mkdtemp(prefix="faultgate-rt-"))
    folder.chmod(0o755)  # it runs as nobody
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    subprocess.run([TOOL, folder, str(port)], check=True, stdout=subprocess.DEVNULL, timeout=300)
    try:
        yield f"http://127.0.0.1:{port}", folder / "token"
    finally:
        os.killpg(int((folder / "pid").read_text()), signal.SIGTERM)
        shutil.rmtree(folder)
