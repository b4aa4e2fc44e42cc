"""`make run`: the embedded gateway with a sample desk; sample reports arrive through its doors.

Makes accounts for the desk, starts `faultgate run`, sends each mail of `sample/reports` to a door as a mail server
would, leaves the faxes of `sample/faxes` in the watched folder as a fax server would, and shows what became of each.
A page lets a newcomer be the customer of a chat: its messenger is a Bot API server of our own.
The gateway runs on until Ctrl-C.
"""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from smtplib import LMTP, SMTP
from typing import Any
from urllib.parse import urlsplit

from config.messengers import Telegram
from config.settings import Fax, Settings
from config.wiring import load
from sample.chat import serve

HERE = Path(__file__).parent
WIRING = HERE / "desk.toml"
FAULTGATE = [sys.executable, "-m", "faultgate"]
PATIENCE = 60.0  # seconds for the road
#: Who works at the sample desk; everybody has the same password, for the desk is open to this machine alone.
PEOPLE = (("anna", "clerk", "Анна Лукина"), ("boris", "senior", "Борис Фомин"), ("admin", "admin", "Администратор"))
PASSWORD = "sample-desk"  # noqa: S105
LET_IN = "-H 'Authorization: Bearer sample-partner-token'"
TICKET = '{"description": "Нет связи на канале 7", "severity": "Critical", "ticketType": "fault", "externalId": "V-1"}'


def main() -> int:
    """Start the gateway, send the samples, show what became of them, and wait for the end."""
    settings = load(WIRING)
    chat = _open_chat(settings)
    _open_desk(settings)
    gateway = subprocess.Popen([*FAULTGATE, "run", "--config", str(WIRING)], stdout=subprocess.PIPE, text=True)  # noqa: S603
    signal.signal(signal.SIGTERM, lambda *_: gateway.terminate())
    try:
        if not _wait_ready(gateway):
            return gateway.wait()
        sent = _send_samples(settings) + _leave_faxes(settings)
        print(f"\n{sent} sample reports are on their way; the gateway works on them …", flush=True)
        _show(sent)
        _tell(settings, chat)
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


def _leave_faxes(settings: Settings) -> int:
    """Leave each fax, its note first, in the watched folder; it appears there whole, by its last name."""
    [folder] = [Path(one.path) for one in settings.channels.values() if isinstance(one, Fax)]
    faxes = sorted((HERE / "faxes").glob("*.tif"))
    for file in (one for fax in faxes for one in (fax.with_name(f"{fax.name}.info"), fax)):
        shutil.copyfile(file, folder / f".{file.name}")
        (folder / f".{file.name}").rename(folder / file.name)
    return len(faxes)


def _show(sent: int) -> None:
    """Print the list once every sample has its ticket or waits for a person; after the patience as it is."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        records = [json.loads(line) for line in _faultgate("records", "--json").splitlines()]
        if len(records) >= sent and all(map(_is_settled, records)):
            break
        time.sleep(0.5)
    print("\n" + _faultgate("records"), end="", flush=True)


def _is_settled(record: dict[str, Any]) -> bool:
    """Tell whether the gateway has done its part of a report."""
    return bool(record["order"] and (record["tickets"] or record["order"] != "report" or record["needs_review"]))


def _open_chat(settings: Settings) -> str:
    """Open the messenger that the sample desk's bot talks to; gives the address of the customer's page."""
    [bot] = [one for one in settings.channels.values() if isinstance(one, Telegram)]
    return serve(urlsplit(bot.base_url).port or 80)


def _tell(settings: Settings, chat: str) -> None:
    desk = f"http://{settings.desk.host}:{settings.desk.port}"
    partner = f"http://{settings.partner_api.host}:{settings.partner_api.port}/tmf-api/troubleTicket/v4/troubleTicket"
    print(
        f"\nThe gateway runs on.\nThe desk: {desk}; sign in as anna (clerk), boris (senior) or admin,"
        f" password {PASSWORD}\n  upload sample/letters/letter.jpg at {desk}/upload"
        f"\nA customer's chat: {chat}/; write what does not work, and see the answers arrive"
        "\nA partner's ticket, and how it stands:"
        f"\n  curl {LET_IN} -H 'Content-Type: application/json' -d '{TICKET}' {partner}"
        f"\n  curl {LET_IN} '{partner}?fields=id,status,note'"
        "\nSend a mail of your own to localhost:2525, then look at the desk, or here:"
        "\n  .venv/bin/faultgate records --config sample/desk.toml"
        "\n  .venv/bin/faultgate show --config sample/desk.toml FR-…\nCtrl-C ends it.",
        flush=True,
    )


def _open_desk(settings: Settings) -> None:
    """Make the folders that doors watch, and the accounts of the desk unless an earlier run made them."""
    for folder in (one.path for one in settings.channels.values() if isinstance(one, Fax)):
        Path(folder).mkdir(parents=True, exist_ok=True)
    known = _faultgate("person", "list")
    for login, role, name in PEOPLE:
        if login not in known:
            _faultgate("person", "add", login, "--role", role, "--name", name, said=f"{PASSWORD}\n")


def _faultgate(*command: str, said: str = "") -> str:
    return subprocess.run(  # noqa: S603
        [*FAULTGATE, *command, "--config", str(WIRING)], stdout=subprocess.PIPE, text=True, check=True, input=said
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
