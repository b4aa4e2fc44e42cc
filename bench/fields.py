"""How long the fields and the class of a plain message take, and the slowest finder on a hostile megabyte.

`python -m bench.fields [REPORTS.jsonl] [--rounds 5]`; without a file, the invented reports of the tests. One thread;
the dictionaries are loaded before. Times are the thread's own, so a busy neighbour does not count.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from time import thread_time

from classifier import Knowledge, classify
from normalizer.fields.accounts import accounts
from normalizer.fields.addresses import addresses
from normalizer.fields.claims import urgency
from normalizer.fields.contacts import emails, organizations
from normalizer.fields.equipment import equipment
from normalizer.fields.names import names
from normalizer.fields.passages import Passage
from normalizer.fields.phones import phones
from normalizer.fields.service import service
from normalizer.fields.since import since
from normalizer.fields.symptom import symptom
from normalizer.record import record
from tests.normalizer.field_scores import context, reading
from tests.normalizer.test_field_speed import PIECES, language_of_piece

_INVENTED = Path("tests/normalizer/field_variations.jsonl")
_HOSTILE = 1_000_000  # characters


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("reports", type=Path, nargs="?", default=_INVENTED)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    reports = [json.loads(line) for line in asked.reports.read_text(encoding="utf-8").splitlines()]
    spans = sorted(_messages(reports, asked.rounds))
    slow = max(_hostile())
    print(
        f"fields and class of a message, {len(spans)} times: median {median(spans) * 1000:.2f} ms,"
        f" p99 {quantiles(spans, n=100)[98] * 1000:.2f} ms, most {spans[-1] * 1000:.2f} ms"
    )
    print(f"the slowest finder on {_HOSTILE:,} hostile characters: {slow[0] * 1000:.0f} ms ({slow[1]}, {slow[2]})")


def _messages(reports: list[dict[str, str]], rounds: int) -> Iterator[float]:
    knowledge = Knowledge.load()
    for number in range(rounds + 1):
        for report in reports:
            told, circumstances = reading(report["text"]), context(report["language"])
            before = thread_time()
            classify(record(told, circumstances), knowledge)
            if number:  # the first round loads and compiles
                yield thread_time() - before


def _hostile() -> Iterator[tuple[float, str, str]]:
    today = context("ru").received_at.date()
    finders: dict[str, Callable[[Passage, str], object]] = {
        "emails": lambda text, language: list(emails(text, context(language))),
        "organizations": lambda text, _: list(organizations(text)),
        "accounts": lambda text, _: list(accounts(text)),
        "phones": lambda text, language: list(phones(text, context(language), language)),
        "addresses": lambda text, language: list(addresses(text, language)),
        "names": lambda text, language: list(names(text, language)),
        "since": lambda text, language: list(since(text, today, language)),
        "equipment": lambda text, _: list(equipment(text)),
        "urgency": lambda text, _: list(urgency(text)),
        "service": lambda text, _: list(service(text)),
        "symptom": lambda text, _: list(symptom(text, None)),
    }
    for name, piece in PIECES.items():
        for pattern in (piece, f"{piece}слово "):
            text = (pattern * (_HOSTILE // len(pattern) + 1))[:_HOSTILE]
            for finder, find in finders.items():
                passage = Passage("body", text)
                before = thread_time()
                find(passage, language_of_piece(name))
                yield thread_time() - before, finder, name


if __name__ == "__main__":
    main()
