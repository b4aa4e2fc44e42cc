"""The page about answers is true: kinds with their causes, placeholders, caps, its example."""

import re
from pathlib import Path

import msgspec

from config.settings import Replies, Settings
from records.deliveries import CAUSES, Kind
from records.templates import LONGEST, PLACEHOLDERS

PAGE = (Path(__file__).parents[2] / "docs" / "answers.md").read_text("utf-8")


def test_every_kind_is_told_with_its_cause() -> None:
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| ([^|]+) \|$", PAGE.partition("| cap |")[0], re.MULTILINE)
    told = {kind.strip("` "): because for kinds, because in rows for kind in kinds.split(",")}

    assert set(told) == set(Kind)
    for kind, because in told.items():
        assert because.startswith(CAUSES[Kind(kind)]) or because == "the dialogue in a chat"


def test_every_placeholder_is_told_with_its_meaning() -> None:
    assert dict(re.findall(r"^\| `\{(\w+)\}` \| (.+?) \|$", PAGE, re.MULTILINE)) == PLACEHOLDERS
    assert f"{LONGEST:,} characters" in PAGE


def test_the_caps_are_those_of_the_code() -> None:
    ours = Replies()

    assert f"| {ours.per_report} in {ours.report_window} minutes | `per_report`, `report_window` |" in PAGE
    assert f"| {ours.per_address} in {ours.window} minutes | `per_address`, `window` |" in PAGE
    assert f"| {ours.per_chat} in {ours.window} minutes | `per_chat`, `window` |" in PAGE
    assert f"| {ours.per_gateway} in {ours.window} minutes | `per_gateway`, `window` |" in PAGE
    assert f"({ours.answer_days})" in PAGE


def test_the_example_of_wiring_is_understood() -> None:
    [wiring] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert msgspec.toml.decode(wiring, type=Settings).replies.answers_url
