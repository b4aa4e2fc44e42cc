"""The operators' page is true: every setting and default, every example of wiring, every question to the archive."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config import messengers, senders, settings
from config.base import ChannelBase
from config.settings import Settings
from storage.database import Database

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
_ROW = re.compile(r"^\| `(?P<key>\w+)` \| (?P<default>.*?) \| ", re.MULTILINE)
COMMON = ChannelBase

#: Where the page tells of each struct, and what of it is told elsewhere.
PLACES: list[tuple[str, Any, set[str]]] = [
    ("### `[gateway]`", settings.Gateway, set()),
    ("### `[storage]`", settings.Storage, set()),
    ("### `[broker]`", settings.Broker, set()),
    ("### `[readers]`", settings.Readers, set()),
    ("### `[channels.NAME]`", COMMON, set()),
    ('`kind = "smtp"`', settings.Smtp, set(COMMON.__struct_fields__)),
    ('`kind = "imap"`', settings.Imap, set(COMMON.__struct_fields__)),
    ('`kind = "fax"`', settings._Folder, set(COMMON.__struct_fields__)),
    ('`kind = "fax"`', settings.Fax, set(COMMON.__struct_fields__)),
    ('`kind = "scan"`', settings.Scan, set(settings._Folder.__struct_fields__)),
    ('`kind = "telegram"`', messengers.Telegram, set(COMMON.__struct_fields__)),
    ('`kind = "max"`', messengers.Max, set(messengers.Messenger.__struct_fields__)),
    ("`webhook` of a messenger", messengers.Webhook, set()),
    ("### `[channels.NAME.oauth2]`", settings.OAuth2, set()),
    ("### `[backends.NAME]`", settings.Builtin, set()),
    ("### `[replies]`", settings.Replies, set()),
    ("### `[senders]`", senders.Senders, set()),
    ("### `[outages]`", settings.Outages, set()),
    ("### `[monitoring]`", settings.Monitoring, set()),
    ("### `[learning]`", settings.Learning, set()),
    ("### `[desk]`", settings.Desk, set()),
    ("### `[desk.upload]`", settings.DeskChannel, set()),
]


def rows(place: str, page: str = PAGE) -> dict[str, str]:
    """Give the settings of the first table behind a place, and their defaults."""
    found = re.search(rf"^{re.escape(place)}.*?\n\|(?P<table>.*?)\n\n", page, re.DOTALL | re.MULTILINE)
    assert found is not None, place
    return {row["key"]: row["default"] for row in _ROW.finditer(found["table"])}


@pytest.mark.parametrize(("place", "struct", "elsewhere"), PLACES, ids=[place for place, _, _ in PLACES])
def test_every_setting_is_on_the_page_and_nothing_else(place: str, struct: Any, elsewhere: set[str]) -> None:
    assert rows(place).keys() - {"kind"} == set(struct.__struct_fields__) - elsewhere


@pytest.mark.parametrize(("place", "struct", "elsewhere"), PLACES, ids=[place for place, _, _ in PLACES])
def test_defaults_are_those_of_the_code(place: str, struct: Any, elsewhere: set[str]) -> None:
    assert_defaults(rows(place), struct, elsewhere)


def assert_defaults(told: dict[str, str], struct: Any, elsewhere: set[str]) -> None:
    for field in msgspec.structs.fields(struct):
        if field.name in elsewhere:
            continue
        if field.required:
            assert told[field.name] == "required"
        elif isinstance(field.default, bool | int | float):
            assert json.loads(told[field.name]) == field.default
        elif isinstance(field.default, str) or field.default == ("INBOX",):
            assert told[field.name] == f"`{json.dumps(field.default)}`"


def test_every_struct_has_its_place() -> None:
    """Those of other modules have pages and tests of their own."""
    named = vars(settings).values()
    structs = {one for one in named if isinstance(one, type) and issubclass(one, settings._Settings)}
    own = {one for one in structs if one.__module__ == settings.__name__}
    assert own - {Settings} == {struct for _, struct, _ in PLACES if struct.__module__ == settings.__name__}


@pytest.mark.parametrize("wiring", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_every_example_of_wiring_is_understood(wiring: str) -> None:
    msgspec.toml.decode(wiring, type=Settings)


def test_every_question_to_the_archive_is_answered(database: Database) -> None:
    questions = re.findall(r"```sql\n(.*?);\n```", PAGE, re.DOTALL)
    assert len(questions) == 3
    with database.read() as tx:
        for sql in questions:
            tx.all(sql)
