"""Trained models: every one is kept with the reason for what became of it; one a language is promoted."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from storage.database import Row, Transaction
from storage.rows import clean, micros, moment

_KEPT = 20  # models of a language; older ones that are not promoted lose their numbers, not their story


class State(StrEnum):
    """What became of a model."""

    PROMOTED = "promoted"  # it decides
    REPLACED = "replaced"  # it did, and may again
    ASIDE = "kept aside"  # it was not good enough


class ModelRow(Struct, frozen=True, kw_only=True):
    """One model, without its numbers."""

    id: int
    language: str
    version: str
    state: State
    made_at: datetime
    samples: int
    corrections: int
    reason: str


def add(tx: Transaction, model: ModelRow, content: bytes) -> int:
    """Keep a model; a promoted one takes the place of the one before. Gives its row."""
    tx.run("UPDATE models SET language = language WHERE language = :language", language=model.language)
    if model.state is State.PROMOTED:
        _step_down(tx, model.language)
    row = tx.one(
        "INSERT INTO models (language, version, state, made_at, samples, corrections, reason, body)"
        " VALUES (:language, :version, :state, :at, :samples, :corrections, :reason, :body) RETURNING id",
        language=model.language, version=model.version, state=model.state.value, at=micros(model.made_at),
        samples=model.samples, corrections=model.corrections, reason=clean(model.reason), body=content,
    )  # fmt: skip
    tx.run(
        "UPDATE models SET body = :none WHERE language = :language AND state <> 'promoted' AND id NOT IN"
        " (SELECT id FROM (SELECT id FROM models WHERE language = :language ORDER BY id DESC LIMIT :kept) AS newest)",
        language=model.language, kept=_KEPT, none=b"",
    )  # fmt: skip
    return int(row["id"]) if row else 0


def roll_back(tx: Transaction, language: str) -> ModelRow:
    """Promote the model that decided before the present one, which is kept aside. Raises LookupError."""
    row = tx.one(
        f"{_ROWS} WHERE language = :language AND state = 'replaced' AND length(body) > 0 ORDER BY id DESC LIMIT 1",
        language=language,
    )
    if row is None:
        raise LookupError(f"no earlier model of {language} is kept: train one with `faultgate model train`")
    tx.run(
        "UPDATE models SET state = 'kept aside', reason = 'rolled back' WHERE language = :language"
        " AND state = 'promoted'",
        language=language,
    )
    tx.run("UPDATE models SET state = 'promoted' WHERE id = :id", id=row["id"])
    return _row(row)


def promoted(tx: Transaction) -> dict[str, str]:
    """Give the version of the model that decides, by language."""
    rows = tx.all("SELECT language, version FROM models WHERE state = 'promoted'")
    return {row["language"]: row["version"] for row in rows}


def content(tx: Transaction, language: str) -> bytes | None:
    """Give the promoted model's file; None where no model of this language decides."""
    row = tx.one("SELECT body FROM models WHERE language = :language AND state = 'promoted'", language=language)
    return bytes(row["body"]) if row else None


def models(tx: Transaction, limit: int = 50) -> list[ModelRow]:
    """List models, the newest first."""
    return [_row(row) for row in tx.all(f"{_ROWS} ORDER BY id DESC LIMIT :limit", limit=limit)]


def last(tx: Transaction, language: str) -> ModelRow | None:
    """Give the newest model of a language, whatever became of it."""
    row = tx.one(f"{_ROWS} WHERE language = :language ORDER BY id DESC LIMIT 1", language=language)
    return _row(row) if row else None


def begin_night(tx: Transaction, day: date) -> bool:
    """Claim a day's training; True for one worker of all, once."""
    rows = tx.run(
        "INSERT INTO memory (channel, key, value) VALUES ('models', 'trained on', :day)"
        " ON CONFLICT (channel, key) DO UPDATE SET value = excluded.value WHERE memory.value < excluded.value",
        day=day.isoformat(),
    )
    return rows > 0


_ROWS = "SELECT id, language, version, state, made_at, samples, corrections, reason FROM models"


def _step_down(tx: Transaction, language: str) -> None:
    tx.run("UPDATE models SET state = 'replaced' WHERE language = :language AND state = 'promoted'", language=language)


def _row(row: Row) -> ModelRow:
    return ModelRow(
        id=row["id"], language=row["language"], version=row["version"], state=State(row["state"]),
        made_at=moment(row["made_at"]), samples=row["samples"], corrections=row["corrections"], reason=row["reason"],
    )  # fmt: skip
