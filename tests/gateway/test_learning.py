"""`faultgate model`: from what people corrected to a model that decides, and back; and the worker that takes it up."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from classifier.model import Model, Sample
from classifier.model.promotion import is_frozen
from config.settings import Settings
from gateway import learning
from gateway import models as in_use
from storage import labels, models
from storage.database import Database
from tests.classifier.test_model import MODEL, samples

AT = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture
def corrected(monkeypatch: pytest.MonkeyPatch) -> list[Sample]:
    """Stand in for thousands of reports on the desk: what `labels` gives of them has its own tests."""
    given: list[Sample] = []
    monkeypatch.setattr(learning, "_corrected", lambda _: given)
    monkeypatch.setattr(labels, "labels", lambda _tx, **_: iter(()))
    monkeypatch.setattr(learning, "starter", lambda: ())
    return given


def test_a_model_is_learnt_from_corrections_and_decides(database: Database, corrected: list[Sample]) -> None:
    corrected += samples(600)
    told = learning.learn(database, "ru", AT)
    assert "promoted" in told
    assert "the first model" in told
    model = in_use.Models(database).of("ru")
    assert model
    assert model.predict("обрыв кабеля двор").sure
    assert in_use.Models(database).of("zh") is None
    assert in_use.Models(database).of(None) is None


def test_a_worse_model_is_kept_aside_and_the_good_one_goes_on(database: Database, corrected: list[Sample]) -> None:
    corrected += samples(600)
    learning.learn(database, "ru", AT)
    good = in_use.Models(database).of("ru")
    for place, one in enumerate(corrected):  # somebody has filed the incidents wrongly
        if not is_frozen(one) and one.label == "incident":
            corrected[place] = Sample(text=one.text, label="other", language="ru")
    told = learning.learn(database, "ru", AT + timedelta(days=1))
    assert "kept aside" in told
    now = in_use.Models(database).of("ru")
    assert good
    assert now
    assert now.version == good.version


def test_too_little_to_learn_from_is_said(database: Database, corrected: list[Sample]) -> None:
    corrected += samples(6)
    assert learning.learn(database, "ru", AT) == "ru: at least 5 texts of two labels are needed"


def test_a_damaged_model_decides_nothing_and_is_told(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    row = models.ModelRow(
        id=0, language="ru", version="x", state=models.State.PROMOTED, made_at=AT, samples=1, corrections=0, reason=""
    )
    database.write(partial(models.add, model=row, content=MODEL.dump()[:-400]))
    assert in_use.Models(database).of("ru") is None
    assert "faultgate model train ru" in caplog.text


def test_the_commands_list_and_roll_back(
    profile: Any, database: Database, corrected: list[Sample], capsys: Any
) -> None:
    gateway, storage = profile
    settings = Settings(gateway=gateway, storage=storage)
    corrected += samples(600)
    learning.learn(database, "ru", AT)
    corrected += samples(630)[600:]
    learning.learn(database, "ru", AT + timedelta(days=1))
    assert learning.list_models(settings) == 0
    listed = capsys.readouterr().out
    assert "promoted" in listed
    assert "replaced" in listed
    assert learning.roll_back(settings, "ru") == 0
    assert "decides again" in capsys.readouterr().out
    with pytest.raises(LookupError, match="no earlier model"):
        learning.roll_back(settings, "ru")


def test_a_version_is_its_file_s(database: Database, corrected: list[Sample]) -> None:
    corrected += samples(600)
    learning.learn(database, "ru", AT)
    with database.read() as tx:
        [row] = models.models(tx)
        content = models.content(tx, "ru")
    assert content
    assert Model.load(content).version == row.version
