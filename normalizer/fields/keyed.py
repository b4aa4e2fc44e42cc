"""What a clerk keyed in for a visitor: it is certain, and the finders only fill what he left empty."""

from collections.abc import Iterator

import msgspec

from normalizer.context import Context
from normalizer.fields.envelopes import plausible
from normalizer.fields.passages import Candidate
from records.record import Evidence
from records.walk_in import WalkIn

_NUMBERS = frozenset({"reporter.phone", "affected.line"})


def keyed_in(form: WalkIn | None, context: Context) -> Iterator[Candidate]:
    """Give every field that was keyed."""
    if form is None:
        return
    told = msgspec.to_builtins(form)
    for field, value in _leaves(
        {name: told[name] for name in ("reporter", "affected", "service", "symptom", "urgency")}
    ):
        if value.strip():
            number = plausible(value, context.region) if field in _NUMBERS else None
            evidence = Evidence(text=value.strip(), where="keyed", confidence=1.0)
            yield Candidate(field=field, value=number or value.strip(), evidence=evidence)


def _leaves(values: dict[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{name}.")
        elif isinstance(value, str):
            yield f"{prefix}{name}", value
