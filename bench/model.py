"""How long a trained model takes for a text, and how much memory one language costs.

`python -m bench.model`. The models are of the starter set, the Russian one of 3,000 invented reports beside it. Times
are the thread's own. Memory is what a new process holds more once it has loaded the model and decided once; the largest
model has as many features as there may be.
"""

import gc
import os
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from time import thread_time

import numpy as np

from bench.learning_texts import stream
from classifier.model import LABELS, Model, Sample
from classifier.model.model import Card
from classifier.model.training import train
from classifier.starter import starter
from gateway.learning import LANGUAGES

FEATURES = 60_000  # the most that a model has
ROUNDS = 5


def main() -> None:
    """Measure and print."""
    for language in LANGUAGES:
        texts = [one for one in starter() if one.language == language]
        texts += stream(3000, random.Random(1)) if language == "ru" else []
        begun = thread_time()
        made, _ = train(texts, corrections=0, made=datetime.now(UTC))
        told = f"{language}: {len(texts)} texts, trained in {thread_time() - begun:.1f} s"
        print(f"{told}; {_measured(made.dump(), texts)}")
    print(f"{FEATURES:,} features: {_memory_of(_largest().dump(), 'x')} of memory")


def _measured(content: bytes, texts: Sequence[Sample]) -> str:
    memory = _memory_of(content, texts[0].text)
    model, spans = Model.load(content), []
    for _ in range(ROUNDS):
        for one in texts[:500]:
            begun = thread_time()
            said = model.predict(one.text)
            model.why(one.text, said.label)
            spans.append(thread_time() - begun)
    longest = max(texts, key=lambda one: len(one.text)).text * 100
    begun = thread_time()
    model.predict(longest)
    model.why(longest, LABELS[0])
    huge = thread_time() - begun
    p99 = quantiles(spans, n=100)[98]
    return (
        f"{len(content) / 1e6:.1f} MB kept, {memory} of memory; class and reasons of a text: median"
        f" {median(spans) * 1000:.2f} ms, p99 {p99 * 1000:.2f} ms, of a huge text {huge * 1000:.0f} ms"
    )


def _memory_of(content: bytes, text: str) -> str:
    with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
        return f"{fresh.submit(_memory, content, text).result() / 2**20:.0f} MiB"


def _memory(content: bytes, text: str) -> int:
    """Tell what a model costs a process that has just begun, NumPy left out."""
    before = _held()
    model = Model.load(content)
    model.predict(text)
    return _held() - before


def _held() -> int:
    """Tell how many bytes of memory the process has."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _largest() -> Model:
    dice = np.random.default_rng(1)
    card = Card(
        language="en", labels=LABELS, samples=0, corrections=0, temperature=1.0, thresholds={}, made="2026-11-27"
    )  # fmt: skip
    vocabulary = tuple(sorted(f"pfeature{number} of{number}" for number in range(FEATURES)))
    weights = dice.normal(size=(len(LABELS), FEATURES)).astype(np.float32)
    return Model(card, vocabulary, np.ones(FEATURES, np.float32), weights, np.zeros(len(LABELS), np.float32))


if __name__ == "__main__":
    main()
