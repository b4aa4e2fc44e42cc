"""The page about partners' tickets by API is true: settings, defaults, examples, events."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config import partners
from config.base import ChannelBase, Strict
from config.settings import Settings
from records.partner_events import EventType
from tests.config.test_documented import assert_defaults, rows

PAGE = (Path(__file__).parents[2] / "docs" / "partner-api.md").read_text("utf-8")
PLACES: list[tuple[str, Any, set[str]]] = [
    ("### `[partner_api]`", partners.PartnerApi, set()),
    ("### `[partner_api.issuer]`", partners.Issuer, set()),
    ("### `[partners.NAME]`", partners.Partner, set(ChannelBase.__struct_fields__)),
    ("### `[partners.NAME.events]`", partners.Events, set()),
    ("### `[partners.NAME.dialect]`", partners.Dialect, set()),
]


@pytest.mark.parametrize(("place", "struct", "elsewhere"), PLACES, ids=[place for place, _, _ in PLACES])
def test_every_setting_is_on_the_page_with_its_default_and_nothing_else(
    place: str, struct: Any, elsewhere: set[str]
) -> None:
    told = rows(place, PAGE)
    assert told.keys() == set(struct.__struct_fields__) - elsewhere
    assert_defaults(told, struct, elsewhere)


def test_every_struct_has_its_place() -> None:
    structs = {one for one in vars(partners).values() if isinstance(one, type) and issubclass(one, Strict)}
    assert structs - {Strict, ChannelBase} == {struct for _, struct, _ in PLACES}


@pytest.mark.parametrize("wiring", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_every_example_of_wiring_is_understood(wiring: str) -> None:
    msgspec.toml.decode(wiring, type=Settings)


def test_every_event_is_on_the_page() -> None:
    table = PAGE.partition("| event | when |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(EventType)
