"""The fax door: the folder where a fax server leaves what it received, with or without a note beside each file.

A note bears its fax's name with `.info` or `.txt` behind it, or in place of the ending.
"""

from functools import partial
from pathlib import PurePath

from channels.folder import FolderDoor
from channels.folder_bundle import Bundle
from channels.folder_files import File, Shelf
from config.settings import Fax, Gateway

_NOTES = (".info", ".txt")
_ENDINGS = ("", ".tif", ".tiff", ".pdf")
_LONGEST_NOTE = 16 * 1024  # bytes: a longer text is more than a note


class FaxDoor(FolderDoor):
    """See `channels.Door`."""

    def __init__(self, name: str, settings: Fax, gateway: Gateway) -> None:
        super().__init__(name, settings, gateway, partial(bundles, patience=settings.incomplete))


def bundles(files: list[File], done: Shelf, patience: float) -> list[Bundle]:
    """Put each fax together with its note; `patience`: seconds that a note alone waits for its fax.

    After that it is moved if its fax was taken without it, and otherwise is a report like any file.
    """
    notes = {file.name: file for file in files if _may_be_note(file)}
    faxes = [file for file in files if file.name not in notes]
    found = [
        Bundle((fax,), note=next((notes.pop(name) for name in _note_names(fax.name) if name in notes), None))
        for fax in faxes
    ]
    for note in notes.values():
        late = note.came + patience
        taken = any(done.look(PurePath(note.name).stem + ending) for ending in _ENDINGS)
        found.append(Bundle((), note, late) if taken else Bundle((note,), None, late))
    return found


def _may_be_note(file: File) -> bool:
    return file.name.lower().endswith(_NOTES) and file.size <= _LONGEST_NOTE


def _note_names(fax: str) -> list[str]:
    return [base + ending for base in (fax, PurePath(fax).stem) for ending in _NOTES]
