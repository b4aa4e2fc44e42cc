"""Whether a new model may take the old one's place: it must be shown on texts that neither learnt from."""

import hashlib
from collections.abc import Sequence

from msgspec import Struct

from classifier.model.features import Sample
from classifier.model.model import Model
from classifier.model.training import lower_bound

#: A label's share of texts that the model finds may fall by no more than this.
_LOSS = 0.05
#: What the lower bound of the accuracy may fall by: less than what one text in a test set of a hundred changes.
_SLACK = 0.01
_FROZEN = 5  # every fifth text, told by its hash: the same ones for ever


class Shown(Struct, frozen=True, kw_only=True):
    """What a model made of labelled texts that it did not learn from."""

    texts: int
    right: int
    decided: int  # of which it was sure
    decided_right: int
    found: dict[str, float]  # by label: the share of its texts that got it

    @property
    def bound(self) -> float:
        """The lower bound of the share that it got right."""
        return lower_bound(self.right, self.texts)


class Verdict(Struct, frozen=True, kw_only=True):
    """Whether it is promoted, and why or why not; for the admin."""

    promoted: bool
    reasons: tuple[str, ...]


def is_frozen(sample: Sample) -> bool:
    """Tell whether a text is of the frozen test set, from which no model ever learns."""
    return int(hashlib.sha256(sample.text.encode()).hexdigest()[:8], 16) % _FROZEN == 0


def shown(model: Model, samples: Sequence[Sample]) -> Shown:
    """Ask a model about labelled texts."""
    told = [(sample.label, model.predict(sample.text)) for sample in samples]
    labels = {label for label, _ in told}
    return Shown(
        texts=len(told),
        right=sum(said.label == label for label, said in told),
        decided=sum(said.sure for _, said in told),
        decided_right=sum(said.sure and said.label == label for label, said in told),
        found={label: _share([said.label == label for truth, said in told if truth == label]) for label in labels},
    )  # fmt: skip


def judge(candidate: Shown, current: Shown | None) -> Verdict:
    """Compare two models on the same texts; without a current one the candidate is taken."""
    if current is None:
        return Verdict(promoted=True, reasons=("the first model of this language",))
    against = []
    if candidate.bound < current.bound - _SLACK:
        against.append(
            f"surely right on {candidate.bound:.1%} of the test texts only, the current one on {current.bound:.1%}"
        )
    wrong, before = candidate.decided - candidate.decided_right, current.decided - current.decided_right
    if wrong > before and lower_bound(candidate.decided_right, candidate.decided) < lower_bound(
        current.decided_right, current.decided
    ):
        against.append(f"wrong in {wrong} of {candidate.decided} that it would decide, the current one in {before}")
    against += [
        f"finds {candidate.found.get(label, 0):.0%} of {label} only, the current one {share:.0%}"
        for label, share in sorted(current.found.items())
        if candidate.found.get(label, 0) < share - _LOSS
    ]
    if against:
        return Verdict(promoted=False, reasons=tuple(against))
    return Verdict(
        promoted=True,
        reasons=(f"right on {candidate.right} of {candidate.texts} test texts, the current one on {current.right}",),
    )


def _share(found: list[bool]) -> float:
    return sum(found) / len(found) if found else 0.0
