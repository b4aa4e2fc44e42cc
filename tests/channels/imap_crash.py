"""A door in a process of its own that kills itself between accept and flag: `imap_crash FOLDER PORT CA USER [kill]`."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from channels.imap import ImapDoor
from config.secrets import Secret
from config.settings import Gateway, Imap
from records.arrival import Arrival, Receipt
from tests.reception import MemoryReception


class DiskReception(MemoryReception):
    """Keeps each report as a file named by its hash."""

    def __init__(self, folder: Path, *, kill: bool) -> None:
        super().__init__(folder)
        self._kill = kill
        self.looked = asyncio.Event()

    async def accept(self, arrival: Arrival) -> Receipt:
        receipt = await super().accept(arrival)
        with (self._spool / "accepted").open("a") as ledger:
            ledger.write(f"{arrival.sha256}\n")
        if self._kill:
            os.kill(os.getpid(), signal.SIGKILL)
        return receipt

    async def remember(self, channel: str, key: str, value: str) -> None:
        await super().remember(channel, key, value)
        if key == "last_good_poll":
            self.looked.set()


async def main() -> None:
    folder, port, ca_file, user = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    secret = Secret(env="FAULTGATE_TEST_IMAP")
    settings = Imap(host="localhost", port=port, ca_file=ca_file, user=user, password=secret, poll=0.2)
    reception, stopping = DiskReception(folder, kill=sys.argv[5:] == ["kill"]), asyncio.Event()
    serving = asyncio.create_task(ImapDoor("post", settings, Gateway()).serve(reception, stopping, print))
    await reception.looked.wait()
    stopping.set()
    await serving


if __name__ == "__main__":
    asyncio.run(main())
