"""The operator's own texts: versions, the newest counts, and the way back."""

from datetime import UTC, datetime
from functools import partial

import pytest
from msgspec.structs import replace

from records.deliveries import Kind, Medium
from storage import templates
from storage.database import Database
from storage.templates import Changed, Place

AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
PLACE = Place(kind=Kind.RECEIPT, language="ru", medium=Medium.MAIL)
FAX = replace(PLACE, channel="fax")


def write(database: Database, place: Place, text: str | None, base: int) -> int:
    return database.write(partial(templates.write, place=place, text=text, base=base, author="anna", at=AT))


def sent(database: Database, channel: str | None = None, language: str = "ru") -> str | None:
    with database.read() as tx:
        return templates.override(tx, Kind.RECEIPT, language, Medium.MAIL, channel)


def test_the_newest_version_counts_and_the_way_back_is_a_version_too(database: Database) -> None:
    assert sent(database) is None
    assert write(database, PLACE, "one {number}", 0) == 1
    assert write(database, PLACE, "two {number}\0", 1) == 2
    assert sent(database) == sent(database, "mail") == "two {number}\N{REPLACEMENT CHARACTER}"
    assert sent(database, language="it") is None
    assert write(database, PLACE, None, 2) == 3
    assert sent(database) is None
    with database.read() as tx:
        assert [(one.version, one.text, one.author, one.at) for one in templates.versions(tx, PLACE, 9)] == [
            (3, None, "anna", AT), (2, "two {number}\N{REPLACEMENT CHARACTER}", "anna", AT),
            (1, "one {number}", "anna", AT),
        ]  # fmt: skip


def test_a_channel_s_own_text_goes_before_that_of_every_channel(database: Database) -> None:
    write(database, PLACE, "all {number}", 0)
    write(database, FAX, "fax {number}", 0)

    assert (sent(database, "fax"), sent(database, "mail")) == ("fax {number}", "all {number}")
    write(database, FAX, None, 1)
    assert sent(database, "fax") == "all {number}"
    with database.read() as tx:
        assert [(one.place, one.version) for one in templates.newest(tx)] == [(PLACE, 1), (FAX, 2)]


def test_two_people_can_t_overwrite_each_other(database: Database) -> None:
    write(database, PLACE, "one", 0)

    with pytest.raises(Changed) as changed:
        write(database, PLACE, "mine", 0)

    assert changed.value.version == 1
    assert sent(database) == "one"
