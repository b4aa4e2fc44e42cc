"""Processes that only watch a folder: one is forked, warm, for each kill, and ends when the folder is empty."""

import asyncio
from datetime import timedelta
from pathlib import Path

from channels import door
from config.settings import Fax, Gateway, Scan
from storage.database import Database
from storage.intake import Intake
from storage.opening import open_database, open_originals
from tests.torture.accepting import STORAGE, Task, nurse


class Drop(Task):
    """A folder `in` with files, beside the archive."""

    kind: str

    @property
    def gateway(self) -> Gateway:
        return Gateway(data=f"{self.folder}/data")

    @property
    def watched(self) -> Path:
        return Path(self.folder, "in")

    @property
    def waiting(self) -> list[Path]:
        return [one for one in self.watched.rglob("*") if one.is_file() and "done" not in one.parts]


def run(drop: Drop) -> None:
    """Take every file."""
    database = open_database(drop.gateway, STORAGE)
    empty(drop, database)
    database.close()


def empty(drop: Drop, database: Database) -> None:
    """Keep the door open until the folder is empty."""
    path = str(drop.watched)
    settings = Fax(path=path, poll=0.001) if drop.kind == "fax" else Scan(path=path, poll=0.001, collate=True)
    originals = open_originals(drop.gateway, STORAGE)
    reception = Intake(database, originals, {"x": timedelta(hours=2)}, timedelta(days=7), lambda: None)

    async def serve() -> None:
        stopping = asyncio.Event()
        serving = asyncio.create_task(door("x", settings, drop.gateway).serve(reception, stopping, lambda _: None))
        while drop.waiting and not serving.done():  # noqa: ASYNC110 - a folder tells nobody that it is empty
            await asyncio.sleep(0.002)
        stopping.set()
        await serving

    asyncio.run(serve())


if __name__ == "__main__":
    nurse(Drop, run)
