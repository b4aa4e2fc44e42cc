"""A door that can't be opened is told once, and opens by itself when it can."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from channels import door
from config.settings import Gateway
from gateway import doors
from tests.channels.folders import TIFF, contents, fax, put
from tests.reception import MemoryReception


def test_a_folder_that_is_mounted_late_is_told_once_and_then_opened(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(doors, "REOPEN", 0.01)
    caplog.set_level(logging.ERROR)
    folder, one, tries = tmp_path / "in", door("fax", fax(tmp_path / "in"), Gateway()), 0

    class Counted:
        async def serve(self, *arguments: object) -> None:
            nonlocal tries
            tries += 1
            await one.serve(*arguments)  # type: ignore[arg-type]

    async def late() -> None:
        stopping = asyncio.Event()
        serving = asyncio.create_task(doors._keep_open("fax", Counted(), MemoryReception(tmp_path), stopping))  # type: ignore[arg-type]
        await until(lambda: tries > 3)
        folder.mkdir()
        put(folder / "1.tif")
        await until(lambda: contents(folder) == [TIFF])
        stopping.set()
        await serving

    asyncio.run(late())
    assert len([one for one in caplog.records if "make or mount it" in one.getMessage()]) == 1
    assert capsys.readouterr().out == f"fax: {folder}\n"


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(3000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not happen")
