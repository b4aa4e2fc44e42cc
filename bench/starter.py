"""How much a model of the starter set alone knows: of its own texts, by cross-validation, and of others.

`python -m bench.starter [REPORTS.jsonl]`. The others are the labelled texts of the tests, and those of a file as
`faultgate evaluate` takes it. A share that may be decided is that of the surest texts which together are 95 % right.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from classifier.model import OTHER, Sample
from classifier.model.training import train
from classifier.starter import starter
from gateway.evaluate import cases
from gateway.learning import LANGUAGES
from records.quality import CLASS
from tests.classifier.labelled import LABELLED

Told = tuple[str, str, float]  # it is, it was said, how surely


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("reports", type=Path, nargs="?")
    asked = parser.parse_args()
    tests = [Sample(text=text, label=label, language=language) for language, _, label, text in LABELLED]
    file = [
        Sample(text=one.text, label=str(one.gold.get(CLASS) or OTHER), language=one.language or "")
        for one in (cases(asked.reports) if asked.reports else ())
    ]  # fmt: skip
    for language in LANGUAGES:
        model, fold = train(
            [one for one in starter() if one.language == language], corrections=0, made=datetime.now(UTC)
        )  # fmt: skip
        _print(language, "cross-validation", list(zip(fold.truth, fold.said, fold.confidence, strict=True)))
        for name, samples in (("tests", tests), ("file", file)):
            said = [(one.label, model.predict(one.text)) for one in samples if one.language == language]
            _print(language, name, [(label, one.label, one.confidence) for label, one in said])


def _print(language: str, name: str, told: Sequence[Told]) -> None:
    if not told:
        return
    right = sum(truth == said for truth, said, _ in told)
    wrong = Counter(f"{truth} as {said}: " for truth, said, _ in told if truth != said)
    confused = ", ".join(f"{pair}{count}" for pair, count in wrong.most_common())
    print(
        f"{language} {name}: {right} of {len(told)} right ({right / len(told):.1%}),"
        f" {_coverage(told):.0%} may be decided at 95 %; {confused}"
    )


def _coverage(told: Sequence[Told], target: float = 0.95) -> float:
    right, most = 0, 0
    for number, (truth, said, _) in enumerate(sorted(told, key=lambda one: -one[2]), 1):
        right += truth == said
        most = number if right >= target * number else most
    return most / len(told)


if __name__ == "__main__":
    main()
