"""The scan door: the folder where an office scanner leaves its files.

A scanner that takes one side at a time makes two files of a stack, all fronts and then all backs from the last sheet to
the first. Such files are dropped into the folder `double-sided`, and two that follow each other are one report.
"""

from channels.folder import FolderDoor
from channels.folder_bundle import Bundle
from channels.folder_files import File, Shelf, State
from config.settings import Gateway, Scan

DOUBLE_SIDED = "double-sided"
TURNING = 30 * 60.0  # seconds for turning the stack over: the backs come no later after the fronts


class ScanDoor(FolderDoor):
    """See `channels.Door`."""

    def __init__(self, name: str, settings: Scan, gateway: Gateway) -> None:
        super().__init__(name, settings, gateway, bundles, DOUBLE_SIDED if settings.collate else None)


def bundles(files: list[File], _done: Shelf) -> list[Bundle]:
    """Pair what lies in `double-sided` in the order of its times; every other file is a report of its own."""
    sides = sorted((file for file in files if file.shelf.path.name == DOUBLE_SIDED), key=_in_time)
    found = [Bundle((file,)) for file in files if file.shelf.path.name != DOUBLE_SIDED]
    while sides:
        fronts, rest = sides[0], sides[1:]
        if rest and rest[0].modified - fronts.modified <= TURNING * 1e9:
            found += _pair(fronts, rest[0])
            sides = rest[1:]
        else:
            found.append(Bundle((fronts,), not_before=0.0 if rest else fronts.came + TURNING))
            sides = rest
    return found


def _pair(fronts: File, backs: File) -> list[Bundle]:
    """Two whole sides are one report; where one is broken a person gets each as it is, and no stranger's page."""
    if {fronts.state, backs.state} <= {State.WHOLE, State.SETTLING}:
        return [Bundle((fronts, backs))]
    return [Bundle((fronts,)), Bundle((backs,))]


def _in_time(file: File) -> tuple[int, str]:
    return file.modified, file.name
