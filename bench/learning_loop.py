"""Clerk and model over a simulated stream: how much the machine decides, and how rightly, as it is corrected.

`python -m bench.learning_loop`. Invented reports (bench/learning_texts.py) and the labelled texts of the tests,
shuffled. Each is sorted as on the road: rules, the model that is promoted at the time, the knowledge base. What the
machine leaves goes to a clerk, whose word is a correction, now and then a wrong one; of what it decides a share is
looked at too, as customers and clerks do. After so many corrections a candidate is made and judged as
`faultgate model train` does it.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from bench.learning_texts import stream
from classifier import Knowledge, classify
from classifier.model import LABELS, Model, Sample
from classifier.starter import starter
from gateway.learning import candidate
from tests.classifier.labelled import LABELLED
from tests.classifier.reports import report

START = datetime(2026, 1, 1, tzinfo=UTC)
HEAD = (
    "quarter  reports  corrections  decided  right  incidents as fixes  without a model  right   the model sure  right"
)
MISTAKEN = 0.02  # of a clerk's classes


class Step(Struct, frozen=True, kw_only=True):
    """One report of the stream, and what became of it."""

    label: str
    said: str | None  # what the machine decided; None: it went to a clerk
    alone: str | None  # what it would have decided without a trained model
    sure: str | None  # what the model was sure of
    corrections: int  # before it


class Refit(Struct, frozen=True, kw_only=True):
    """One training."""

    corrections: int
    learnt: int
    promoted: bool
    decides: bool  # it has thresholds at all
    reason: str


def texts(length: int, dice: random.Random) -> list[Sample]:
    """Give the stream: invented reports, with the Russian ones of the tests among them."""
    own = [Sample(text=text, label=label, language="ru") for language, _, label, text in LABELLED if language == "ru"]
    made = stream(length, dice)
    for one in own[: length // 4]:
        made[dice.randrange(length)] = one
    return made


def loop(
    reports: Sequence[Sample], knowledge: Knowledge, dice: random.Random, *, every: int, looked_at: float
) -> tuple[list[Step], list[Refit]]:
    """Let the stream pass. `every`: corrections between trainings; `looked_at`: checked share of what is decided."""
    given = [one for one in starter() if one.language == "ru"]
    corrected: list[Sample] = []
    steps, refits, model, next_ = list[Step](), list[Refit](), None, every
    for place, one in enumerate(reports):
        decision = classify(report(one.text), knowledge, model=model)
        said = decision.disposition
        sure = decision.model.label if decision.model and decision.model.sure else None
        alone = classify(report(one.text), knowledge).disposition
        steps.append(Step(label=one.label, said=said, alone=alone, sure=sure, corrections=len(corrected)))
        if said is None or dice.random() < looked_at:
            corrected.append(_clerk(one, dice))
        if len(corrected) >= next_:
            model, refit = _refit(given, corrected, model, START + timedelta(hours=place))
            refits.append(refit)
            next_ += every
    return steps, refits


def _clerk(one: Sample, dice: random.Random) -> Sample:
    label = dice.choice(LABELS) if dice.random() < MISTAKEN else one.label
    return Sample(text=one.text, label=label, language=one.language)


def _refit(
    given: Sequence[Sample], corrected: Sequence[Sample], current: Model | None, now: datetime
) -> tuple[Model | None, Refit]:
    made = candidate(given, corrected, current, now)
    told = Refit(
        corrections=len(corrected), learnt=len(made.learnt), promoted=made.verdict.promoted,
        decides=bool(made.model.card.thresholds), reason="; ".join(made.verdict.reasons),
    )  # fmt: skip
    return made.model if made.verdict.promoted else current, told


def quarters(steps: Sequence[Step]) -> Iterator[Sequence[Step]]:
    """Divide the stream."""
    size = -(-len(steps) // 4)
    return (steps[place : place + size] for place in range(0, len(steps), size))


def main() -> None:
    """Print the table of docs/learning.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=3000)
    parser.add_argument("--every", type=int, default=100)
    parser.add_argument("--looked-at", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    dice = random.Random(given.seed)
    knowledge = Knowledge.load()
    reports = texts(given.reports, dice)
    steps, refits = loop(reports, knowledge, dice, every=given.every, looked_at=given.looked_at)
    for refit in refits:
        state = "promoted" if refit.promoted else "kept aside"
        decides = "decides" if refit.decides else "decides nothing"
        print(f"{refit.corrections} corrections, {refit.learnt} texts, {decides}; {state}: {refit.reason}")
    print(HEAD)
    for number, quarter in enumerate(quarters(steps), 1):
        _print(number, quarter)


def _print(number: int, quarter: Sequence[Step]) -> None:
    said, alone, sure = (
        [(one.label, what) for one in quarter if (what := getattr(one, name))] for name in ("said", "alone", "sure")
    )
    bad = sum(one == ("incident", "typical_fix") for one in said)
    print(
        f"{number:7}  {len(quarter):7}  {quarter[-1].corrections:11}  {len(said) / len(quarter):7.0%}"
        f"  {_right(said)}  {bad:18}  {len(alone) / len(quarter):15.0%}  {_right(alone)}"
        f"  {len(sure) / len(quarter):14.0%}  {_right(sure)}"
    )


def _right(said: Sequence[tuple[str, str]]) -> str:
    return f"{sum(truth == told for truth, told in said) / len(said):5.1%}" if said else "    –"


if __name__ == "__main__":
    main()
