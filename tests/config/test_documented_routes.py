"""The page about routing is true: conditions, results, defaults, and the worked table."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from classifier import Knowledge, Routing
from config import routes
from config.settings import Settings
from records.record import Affected, Classification, FaultRecord, PostalAddress
from records.words import Disposition
from tests.config.test_documented import assert_defaults, rows
from tests.outbox.situations import fault_record

PAGE = (Path(__file__).parents[2] / "docs" / "routing.md").read_text("utf-8")
TABLE = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0]
PLACES = [
    ("Each row:", routes.Row),
    ("### `when`", routes.When),
    ("### `to`", routes.To),
    ("### `[customers]`", routes.Customers),
]
INCIDENT, FIX = (Classification(disposition=one) for one in (Disposition.INCIDENT, Disposition.TYPICAL_FIX))
UFA, OMSK = PostalAddress(city="Уфа"), PostalAddress(city="Омск")
WORKED = [
    (fault_record(affected=Affected(address=UFA, account="4410-22871"), classification=INCIDENT), "key customers"),
    (fault_record(affected=Affected(address=UFA), classification=INCIDENT), "Bashkortostan, incidents"),
    (fault_record(affected=Affected(address=UFA), classification=FIX), "typical fixes"),
    (fault_record(affected=Affected(address=OMSK, node="OU-3/RU-2/KU-7"), classification=INCIDENT), "below RU-2"),
    (fault_record(classification=Classification()), "the rest"),
]


@pytest.mark.parametrize(("place", "struct"), PLACES, ids=[place for place, _ in PLACES])
def test_every_key_is_on_the_page_with_its_default(place: str, struct: Any) -> None:
    told = rows(place, PAGE)

    assert set(told) == set(struct.__struct_fields__)
    assert_defaults({**told, "comment": '`""`'}, struct, set())


@pytest.mark.parametrize(("record", "row"), WORKED)
def test_the_worked_table_is_what_happens(record: FaultRecord, row: str) -> None:
    wired = msgspec.toml.decode(TABLE, type=Settings)

    found = Routing(wired, Knowledge.load().phrases).routed(record).record.classification.route

    assert found is not None
    assert found.rule == row
    told = re.findall(r"^\| [^|]+ \| ([^|]+) \| [^|]+ \|$", PAGE.partition("| report | row |")[2], re.MULTILINE)
    assert row in told
