"""`make run`: the embedded gateway with a sample desk; sample reports arrive through its doors.

Starts `faultgate run`, sends each mail of `sample/reports` to a door as a mail server would, and shows what became of
each. The gateway runs on until Ctrl-C.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from smtplib import LMTP, SMTP

from config.settings import Settings
from config.wiring import load

HERE = Path(__file__).parent
WIRING = HERE / "desk.toml"
FAULTGATE = [sys.executable, "-m", "faultgate"]
PATIENCE = 60.0  # seconds for the road


def main() -> int:
    """Start the gateway, send the samples, show what became of them, and wait for the end."""
    settings = load(WIRING)
    gateway = subprocess.Popen([*FAULTGATE, "run", "--config", str(WIRING)], stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        if not _wait_ready(gateway):
            return gateway.wait()
        sent = _send_samples(settings)
        print(f"\n{sent} sample reports are kept; the gateway works on them …", flush=True)
        _show()
        print("\nThe gateway runs on. Send a mail of your own to localhost:2525, then look:")
        print("  .venv/bin/faultgate records --config sample/desk.toml")
        print("  .venv/bin/faultgate show --config sample/desk.toml FR-…\nCtrl-C ends it.", flush=True)
        return gateway.wait()
    except KeyboardInterrupt:
        return gateway.wait()


def _wait_ready(gateway: subprocess.Popen[str]) -> bool:
    for line in gateway.stdout or ():
        print(line, end="", flush=True)
        if line == "ready\n":
            return True
    return False


def _send_samples(settings: Settings) -> int:
    """Send each mail to a door in turn, as from its author; gives their number."""
    doors = [one for one in settings.channels.values() if one.__struct_config__.tag == "smtp"]
    mails = sorted((HERE / "reports").glob("*.eml"))
    for number, mail in enumerate(mails):
        door = doors[number % len(doors)]
        client = LMTP if getattr(door, "lmtp", False) else SMTP
        sender = f"{mail.stem}@mail.example"
        with client("127.0.0.1", getattr(door, "port", 0)) as connection:
            connection.sendmail(sender, ["support@support.example"], mail.read_bytes())
    return len(mails)


def _show() -> None:
    """Print the list once every sample is read and every report has its ticket; after the patience as it is."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        records = [json.loads(line) for line in _faultgate("records", "--json").splitlines()]
        if all(record["order"] and (record["tickets"] or record["order"] != "report") for record in records):
            break
        time.sleep(0.5)
    print("\n" + _faultgate("records"), end="", flush=True)


def _faultgate(*command: str) -> str:
    return subprocess.run(  # noqa: S603
        [*FAULTGATE, *command, "--config", str(WIRING)], stdout=subprocess.PIPE, text=True, check=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
