"""A file that a ticket system refuses: the ticket stands all the same, and a person hears of it."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from outbox.backends.searched import SearchedBackend
from outbox.files import Lent
from records.deliveries import Refused, Verb
from tests.outbox import faked
from tests.outbox.rigs import shared_servers

PHOTO = b"\xff\xd8\xff"


def test_a_file_that_is_refused_holds_nothing_up_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Refused("no pictures from galina@mail.example")

    with ExitStack() as stack:
        stack.enter_context(shared_servers())
        rig = faked.zammad(stack, tmp_path)
        assert isinstance(rig.desk, SearchedBackend)
        monkeypatch.setattr(rig.desk._system, "attach", refuse)
        rig.brings[:] = [Lent(name="a.jpg", media_type="image/jpeg", size=3, read=lambda: PHOTO)]
        done = rig.send(Verb.CREATE, 7)

    assert done.external_id is not None
    assert done.behind == ("a.jpg, 3 bytes: no pictures from …",)
