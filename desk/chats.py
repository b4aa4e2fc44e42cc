"""What came in a chat, for the desk: the files that were fetched, to be saved, and photos, drawn anew to be seen."""

from functools import partial

from desk import actions
from desk.errors import NotThere
from desk.services import Picture, Services
from desk.visit import Visit
from records.arrival import TryAgain
from records.chat import KeptFile
from records.media import is_paper
from storage import audit, conversations
from storage.content import original
from storage.records import Kept

WIDTH = 1400  # pixels of a photo


def files(wired: Services, report: int) -> tuple[KeptFile, ...]:
    """List a report's files as they are by now, also those that came after a person took it in hand."""
    with wired.database.read() as tx:
        return conversations.files_of(tx, report)


def file(wired: Services, visit: Visit, number: str, sha256: str) -> tuple[KeptFile, bytes]:
    """Give one file of a report. Raises NotThere for another's."""
    return _looked(wired, visit, actions.known(wired, number), sha256, "original")


def picture(wired: Services, visit: Visit, number: str, sha256: str) -> Picture:
    """Give one photo of a report as a picture. Raises NotThere for what is none."""
    found, content = _looked(wired, visit, actions.known(wired, number), sha256, "picture")
    if not is_paper(found.media_type):
        raise NotThere
    try:
        return wired.pictures.picture(content, found.media_type, 1, width=WIDTH)
    except TryAgain:
        raise
    except Exception as error:  # whatever a stranger's photo does to the child that draws it
        raise NotThere(actions.NO_PICTURE) from error


def _looked(wired: Services, visit: Visit, kept: Kept, sha256: str, what: str) -> tuple[KeptFile, bytes]:
    found = next((one for one in files(wired, kept.report) if one.sha256 == sha256), None)
    if found is None:
        raise NotThere
    wired.database.write(
        partial(audit.note, actor=visit.person.login, what=what, at=wired.now(), report=kept.report, peer=visit.peer,
                detail=f"file {sha256[:16]}")
    )  # fmt: skip
    with wired.database.read() as tx:
        return found, original(tx, wired.originals, sha256)
