"""A watched folder as a door: what `channels.fax` and `channels.scan` share."""

import asyncio
from collections.abc import Callable
from functools import partial

from channels.blocking import BlockingReception, in_thread
from channels.folder_bundle import Bundling
from channels.folder_place import Place
from channels.folder_watch import Watch
from config.settings import Fax, Gateway, Scan
from records.arrival import Reception


class FolderDoor:
    """Takes files once they are complete and moves them once they are kept. Disks block, so it has its own thread."""

    def __init__(
        self, name: str, settings: Fax | Scan, gateway: Gateway, bundling: Bundling, inner: str | None = None
    ) -> None:
        """`bundling`: which files are one report; `inner`: a folder in the watched one that is watched, too."""
        self._name = name
        self._settings = settings
        self._zone = gateway.zone
        self._bundling = bundling
        self._place = Place(settings, inner)

    async def serve(self, reception: Reception, stopping: asyncio.Event, opened: Callable[[str], None]) -> None:
        """Take files until `stopping` is set. Raises Unreachable when the folder is missing, also later on."""
        loop = asyncio.get_running_loop()
        house = BlockingReception(self._name, reception, loop)
        watch = Watch(self._name, self._settings, self._zone, self._place, self._bundling, house)
        address = str(self._place.path)

        def tell() -> None:
            loop.call_soon_threadsafe(opened, address)

        await in_thread(f"folder-{self._name}", partial(watch.run, tell), stopping, watch.stop, watch.stop)

    async def check(self) -> str:
        """Tell how many files wait. Raises Unreachable."""
        return await asyncio.to_thread(self._place.check)
