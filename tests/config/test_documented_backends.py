"""The page about ticket backends is true: settings, defaults, placeholders, worked mappings, examples."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from config import backends
from config.backends import PLACEHOLDERS, External
from config.base import Strict
from config.settings import Settings
from outbox.backends import BACKENDS
from outbox.backends.mapping import TEXT, TITLE
from tests.config.test_documented import assert_defaults, rows

PAGE = (Path(__file__).parents[2] / "docs" / "backends.md").read_text("utf-8")
MAPPED, HTTP = set(backends.Mapped.__struct_fields__), set(backends.Http.__struct_fields__)
FILES = set(backends.Attaching.__struct_fields__)
KINDS = {str(one.__struct_config__.tag): one for one in get_args(External)}
_MAPPED_ROW = re.compile(r"^\| `(?P<field>[\w. ]+)` \| (?P<template>.+?) \| (?P<values>.*?) ?\|$", re.MULTILINE)


def told_elsewhere(kind: Any) -> set[str]:
    """Name the settings that the page tells of once for all kinds: those which a kind does not set its own way."""
    if not issubclass(kind, backends.Searched):
        return FILES if issubclass(kind, backends.Attaching) else MAPPED
    common = {field.name: field.default for field in msgspec.structs.fields(backends.Searched)}
    own = {field.name: field.default for field in msgspec.structs.fields(kind)}
    return {name for name, default in common.items() if own[name] == default}


PLACES: list[tuple[str, Any, set[str]]] = [
    ("### The mapping", backends.Mapped, set()),
    ("### HTTP", backends.Http, FILES),
    ("### Files", backends.Attaching, MAPPED),
    ("### Systems that are searched", backends.Searched, HTTP | {"cancelled", "reopened"}),
    ("### `[backends.NAME.oauth2]`", backends.ClientCredentials, set()),
    *((f'## `kind = "{tag}"`', kind, told_elsewhere(kind)) for tag, kind in KINDS.items()),
]


@pytest.mark.parametrize(("place", "struct", "elsewhere"), PLACES, ids=[place for place, _, _ in PLACES])
def test_every_setting_is_on_the_page_with_its_default_and_nothing_else(
    place: str, struct: Any, elsewhere: set[str]
) -> None:
    told = rows(place, PAGE)
    assert told.keys() == set(struct.__struct_fields__) - elsewhere
    assert_defaults(told, struct, elsewhere)


def test_every_struct_has_its_place() -> None:
    structs = {one for one in vars(backends).values() if isinstance(one, type) and issubclass(one, Strict)}
    assert structs - {Strict} == {struct for _, struct, _ in PLACES}
    assert set(re.findall(r"^\| `(\w+)` \| ", PAGE.partition("## One report")[0], re.MULTILINE)) == set(BACKENDS)


@pytest.mark.parametrize("tag", sorted(KINDS))
def test_the_worked_mapping_is_on_the_page(tag: str) -> None:
    module = import_module(BACKENDS[tag].partition(":")[0])
    own = PAGE.partition(f'## `kind = "{tag}"`')[2].partition("\n## ")[0].partition("| field there |")[2]
    words = {"the title": TITLE, "the text": TEXT}
    told = {row["field"]: row for row in _MAPPED_ROW.finditer(own)}

    fields = {name: words.get(row["template"], row["template"].strip("`")) for name, row in told.items()}
    assert fields == getattr(module, "FIELDS", {})
    values = {
        name: {key: value.strip() for key, value in re.findall(r"`(\w+)` ([^,`]+)", row["values"])}
        for name, row in told.items() if row["values"]
    }  # fmt: skip
    known = getattr(module, "VALUES", {})
    assert values == {name: {key: str(value) for key, value in table.items()} for name, table in known.items()}


def test_every_placeholder_is_told() -> None:
    table = PAGE.partition("| placeholder |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`\{(\w+)\}`", table)) == PLACEHOLDERS


def test_title_and_text_are_those_of_the_code() -> None:
    assert f"`{TITLE}`" in PAGE
    assert f"```text\n{TEXT}\n```" in PAGE


@pytest.mark.parametrize("wiring", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_every_example_of_wiring_is_understood(wiring: str) -> None:
    assert msgspec.toml.decode(wiring, type=Settings).backends


def test_a_real_request_tracker_is_three_lines_and_its_token() -> None:
    first = re.search(r"```toml\n\[backends\.rt\]\n(.*?)```", PAGE, re.DOTALL)
    assert first is not None
    assert [line.partition(" ")[0] for line in first[1].splitlines()] == ["kind", "url", "queue", "token"]
