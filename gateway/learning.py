"""`faultgate model`: a new model for each language from what people corrected, promoted only where it is better."""

import logging
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial

from msgspec import Struct

from classifier.model import Model, Sample
from classifier.model.promotion import Shown, Verdict, is_frozen, judge, shown
from classifier.model.training import lower_bound, train
from classifier.starter import starter
from config.settings import Settings
from gateway.listing import archive, table
from storage import labels, models
from storage.database import Database
from storage.models import ModelRow, State

log = logging.getLogger("faultgate.learning")

LANGUAGES = ("ru", "zh", "it", "en")
NICE = 10  # of the nightly training: the road goes first
ROLLING = 100  # of the newest corrections, which a candidate is tried on and does not learn from


def train_all(settings: Settings, languages: Sequence[str]) -> int:
    """Train a model for each language, and tell what became of it."""
    with archive(settings) as database:
        for language in languages or LANGUAGES:
            print(learn(database, language, datetime.now(UTC)), flush=True)
    return 0


def train_news(settings: Settings) -> int:
    """Train a model for each language of which something was corrected since its last one; tells it in the log."""
    os.nice(NICE)
    with archive(settings) as database:
        for language in LANGUAGES:
            log.info("%s", learn(database, language, datetime.now(UTC), only_news=True))
    return 0


def list_models(settings: Settings) -> int:
    """List the models that were made, the newest first."""
    with archive(settings) as database, database.read() as tx:
        found = models.models(tx)
    rows = [
        (one.language, one.version, one.state.value, f"{one.made_at:%Y-%m-%d %H:%M}", str(one.samples), one.reason)
        for one in found
    ]
    sys.stdout.write(table([("language", "version", "state", "made (UTC)", "texts", "why"), *rows]))
    return 0


def roll_back(settings: Settings, language: str) -> int:
    """Let the model before the present one decide again. Raises LookupError where there is none."""
    with archive(settings) as database:
        back = database.write(partial(models.roll_back, language=language))
    print(f"{language}: model {back.version} of {back.made_at:%Y-%m-%d %H:%M} decides again")
    return 0


def learn(database: Database, language: str, now: datetime, *, only_news: bool = False) -> str:
    """Train one language's model, keep it, and promote it where it may be; gives the line to tell.

    `only_news`: nothing is trained where nobody has corrected anything since the last one.
    """
    with database.read() as tx:
        found = list(labels.labels(tx, language=language))
        current, last = models.content(tx, language), models.last(tx, language)
    if only_news and last is not None and all(one.at <= last.made_at for one in found):
        return f"{language}: nothing new since model {last.version}"
    corrected = list(_corrected(found))
    given = [one for one in starter() if one.language == language]
    try:
        made = candidate(given, corrected, Model.load(current) if current else None, now)
    except ValueError as error:
        return f"{language}: {error}"
    verdict = made.verdict
    row = ModelRow(
        id=0, language=language, version=made.model.version,
        state=State.PROMOTED if verdict.promoted else State.ASIDE, made_at=now, samples=len(made.learnt),
        corrections=len(corrected), reason="; ".join(verdict.reasons),
    )  # fmt: skip
    database.write(partial(models.add, model=row, content=made.model.dump()))
    return f"{language}: {_told(made)}"


class Candidate(Struct, frozen=True, kw_only=True):
    """A new model, what it learnt from, what it made of other texts, and whether it may decide."""

    model: Model
    learnt: Sequence[Sample]
    result: Shown
    verdict: Verdict


def candidate(given: Sequence[Sample], corrected: Sequence[Sample], current: Model | None, now: datetime) -> Candidate:
    """Make a model of the starter set and all corrections, the oldest first, but for the texts that it is tried on.

    Raises ValueError where there are too few texts to learn from.
    """
    rolling = corrected[-ROLLING:] if len(corrected) >= 2 * ROLLING else []
    every = [*given, *(one for one in corrected if one not in rolling)]
    learnt, tests = [one for one in every if not is_frozen(one)], [*(one for one in every if is_frozen(one)), *rolling]
    model, _ = train(learnt, corrections=len(corrected), made=now)
    result = shown(model, tests)
    return Candidate(
        model=model, learnt=learnt, result=result, verdict=judge(result, shown(current, tests) if current else None)
    )  # fmt: skip


def _corrected(found: Iterable[labels.Label]) -> Iterable[Sample]:
    for one in found:
        text, label = one.seen.description or one.record.description, one.label
        if text and label and one.record.language:
            yield Sample(text=text, label=label, language=one.record.language)


def _told(made: Candidate) -> str:
    model, result, verdict = made.model, made.result, made.verdict
    counts = ", ".join(f"{count} {label}" for label, count in sorted(Counter(one.label for one in made.learnt).items()))
    sure = lower_bound(result.decided_right, result.decided)
    decides = f"decides {result.decided}, of which {result.decided_right} rightly (at least {sure:.0%})"
    state = "promoted" if verdict.promoted else "kept aside"
    return (
        f"model {model.version} of {len(made.learnt)} texts ({counts}): right on {result.right} of {result.texts}"
        f" others, {decides if model.card.thresholds else 'decides nothing yet: too few texts'}; "
        f"{state}: {'; '.join(verdict.reasons)}"
    )
