"""The glossary is true: every value of every vocabulary has its words, and every noun stands where it is said to."""

import importlib
import re
from enum import StrEnum
from pathlib import Path

import pytest

from records import clocks, deliveries, dialogue, partner, people, standing, tasks, words

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "glossary.md").read_text("utf-8")
VOCABULARIES = [
    one
    for module in (clocks, dialogue, words, tasks, deliveries, standing, people, partner)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, StrEnum) and one.__module__ == module.__name__
]
_CODE = re.compile(r"`((?:records|channels|normalizer|classifier|outbox|storage|gateway|config|worker)\.[\w.]+)`")


def rows(heading: str) -> list[list[str]]:
    section = PAGE.partition(f"\n{heading}\n")[2].partition("\n#")[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines() if line.startswith("| ")]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_every_value_has_its_words(vocabulary: type[StrEnum]) -> None:
    _, *values = rows(f"### {vocabulary.__name__}")
    assert [value.strip("`") for value, *_ in values] == list(vocabulary)
    assert all(russian and chinese and italian for _, russian, chinese, italian, _ in values)


def test_every_noun_has_its_words_once() -> None:
    nouns = [row for heading in ("## At the desk", "## In the house") for row in rows(heading)[1:]]
    assert len(nouns) == len({name for name, *_ in nouns}) > 50
    for name, russian, chinese, italian, meaning, where in nouns:
        assert re.search("[а-я]", russian), name
        assert re.search("[\u4e00-\u9fff]", chinese), name
        assert italian, name
        assert meaning, name
        assert where, name


@pytest.mark.parametrize("place", sorted(set(_CODE.findall(PAGE))))
def test_every_noun_stands_where_it_is_said_to(place: str) -> None:
    module, *names = place.split(".")
    found: object = importlib.import_module(module)
    for name in names:
        if not hasattr(found, name):
            module = f"{module}.{name}"
            found = importlib.import_module(module)
        else:
            found = getattr(found, name)
            module = f"{module}.{name}"
