"""Trained models in the archive: one decides, those before can come back, the rest is kept aside."""

from datetime import UTC, datetime
from functools import partial

import pytest

from storage import models
from storage.database import Database
from storage.models import ModelRow, State

AT = datetime(2026, 11, 27, tzinfo=UTC)


def add(database: Database, version: str, state: State = State.PROMOTED, language: str = "ru") -> None:
    row = ModelRow(
        id=0, language=language, version=version, state=state, made_at=AT, samples=300, corrections=20, reason="because"
    )
    database.write(partial(models.add, model=row, content=version.encode()))


def states(database: Database) -> list[tuple[str, State]]:
    with database.read() as tx:
        return [(one.version, one.state) for one in models.models(tx)]


def deciding(database: Database, language: str = "ru") -> bytes | None:
    with database.read() as tx:
        return models.content(tx, language)


def test_the_newest_promoted_one_decides(database: Database) -> None:
    assert deciding(database) is None
    add(database, "one")
    add(database, "aside", State.ASIDE)
    add(database, "two")
    add(database, "other", language="zh")
    assert (deciding(database), deciding(database, "zh")) == (b"two", b"other")
    with database.read() as tx:
        assert models.promoted(tx) == {"ru": "two", "zh": "other"}
    assert states(database) == [
        ("other", State.PROMOTED), ("two", State.PROMOTED), ("aside", State.ASIDE), ("one", State.REPLACED)
    ]  # fmt: skip


def test_a_rollback_lets_the_one_before_decide_and_never_the_bad_one_again(database: Database) -> None:
    for version in ("one", "two", "three"):
        add(database, version)
    assert database.write(partial(models.roll_back, language="ru")).version == "two"
    assert deciding(database) == b"two"
    assert database.write(partial(models.roll_back, language="ru")).version == "one"
    with pytest.raises(LookupError, match="faultgate model train"):
        database.write(partial(models.roll_back, language="ru"))
    assert deciding(database) == b"one"


def test_old_models_lose_their_numbers_and_keep_their_story(database: Database) -> None:
    for number in range(25):
        add(database, f"m{number}")
    assert len(states(database)) == 25
    for _ in range(19):
        database.write(partial(models.roll_back, language="ru"))
    assert deciding(database) == b"m5"
    with pytest.raises(LookupError):
        database.write(partial(models.roll_back, language="ru"))
