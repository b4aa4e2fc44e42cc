"""Of paper the original itself goes to the backends, unless others' letters are in it, too."""

from functools import partial

import pytest

from config.settings import Gateway, Readers, Storage
from gateway.files import Files
from normalizer.parts import Parts
from records.deliveries import Ticket
from storage.opening import open_originals
from storage.versions import newest
from tests.desk import Desk
from tests.test_paper_road import Scripted, desk, fax, guard, knowledge, read

__all__ = ["desk", "guard", "knowledge"]


@pytest.fixture
def files(desk: Desk, profile: tuple[Gateway, Storage]) -> Files:
    return Files(desk.database, open_originals(*profile), Parts(Readers(processes=1)))


def names(desk: Desk, files: Files, report: int) -> list[tuple[str | None, bytes]]:
    with desk.database.read() as tx:
        version = newest(tx, report)
    assert version is not None
    ticket = Ticket(external_id=version.record.id or "", record=version.record, text="")
    return [(one.name, one.read()) for one in files(ticket)]


def test_a_fax_goes_whole(desk: Desk, guard: Scripted, files: Files) -> None:
    guard.script = read
    assert names(desk, files, fax(desk)) == [("original.tif", b"II*\0 a fax")]


def test_a_stack_of_letters_goes_to_nobody(desk: Desk, guard: Scripted, files: Files) -> None:
    guard.script = partial(read, letters=((1,), (2, 3)))
    first = fax(desk)
    assert [names(desk, files, report) for report in (first, first + 1)] == [[], []]
