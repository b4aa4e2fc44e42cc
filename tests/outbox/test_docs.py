"""The page about adding a backend is true: its example keeps the contract."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from outbox import deliver
from outbox.backends import Backend
from records.arrival import TryAgain
from records.deliveries import Delivery, Verb
from tests.outbox.situations import ticket

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-backend.md"


def example(folder: Path) -> Any:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {}
    exec(found[1], names)  # noqa: S102 - our own page
    return names["FolderBackend"]("folder", SimpleNamespace(folder=folder), None)


def send(desk: Backend, verb: Verb, report: int, after: int | None = None) -> str | None:
    what = Delivery(id=1, report=report, verb=verb, backend="folder", key="k", ticket=ticket(report, after))
    return deliver(what, desk).external_id


def test_the_example_keeps_the_contract(tmp_path: Path) -> None:
    desk: Backend = example(tmp_path)

    assert desk.check()
    with pytest.raises(TryAgain):
        send(desk, Verb.AMEND, 8, after=7)
    assert send(desk, Verb.CREATE, 7) == send(desk, Verb.CREATE, 7) == desk.find("FR-2026-0000007")
    for _ in range(2):
        send(desk, Verb.AMEND, 8, after=7)
    assert desk.status("FR-2026-0000007") == "acknowledged"
    send(desk, Verb.WITHDRAW, 9, after=7)
    assert desk.status("FR-2026-0000007") == "cancelled"
    for _ in range(2):
        desk.amend(replace(ticket(10, after=7), reopens=True))
    assert desk.status("FR-2026-0000007") == "inProgress"
    assert desk.find("FR-2026-0000001") is None
    assert len(list(tmp_path.iterdir())) == 1


def test_the_example_tells_a_missing_folder(tmp_path: Path) -> None:
    desk: Backend = example(tmp_path / "nowhere")

    with pytest.raises(TryAgain, match="create it"):
        desk.check()
    with pytest.raises(TryAgain):
        send(desk, Verb.CREATE, 7)
