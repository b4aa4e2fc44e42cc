"""The starter set: reports written for this project, labelled, so that a new desk's model knows something on day one.

The people and numbers are fictional. What a desk's own people correct is added to it, and soon outweighs it.
"""

from pathlib import Path

import msgspec

from classifier.model.features import Sample


def starter() -> tuple[Sample, ...]:
    """Read the set: one JSON object a line with `text`, `label` and `language`, a file for each language."""
    lines = (line for file in sorted(Path(__file__).parent.glob("*.jsonl")) for line in file.read_bytes().splitlines())
    return tuple(msgspec.json.decode(line, type=Sample) for line in lines if line.strip())
