"""F15: killed at random points of polling and of webhook, no update is lost or doubled, and a chat is one report.

The full run is `python -m bench.chats_killed`.
"""

from pathlib import Path

import pytest

from tests.torture.chats import killed


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_killed_while_a_chat_is_heard(tmp_path: Path, *, webhook: bool) -> None:
    outcome = killed(tmp_path, webhook=webhook, updates=120, kills=6, chats=5, seed=7)

    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert (outcome.reports, outcome.in_order) == (5, True)
    assert outcome.busy > 0
