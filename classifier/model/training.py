"""How a model is made of labelled texts, and how sure it may be; scikit-learn is loaded only here.

Every figure by which a model is judged is told of texts that it did not learn from (cross-validation).
"""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from classifier.model.features import Sample, features
from classifier.model.model import LABELS, Card, Model

#: How right the model must be where it decides, by label; calling an incident a typical fix is the bad error.
TARGETS = {"incident": 0.95, "typical_fix": 0.98, "other": 0.98}
#: Below this many labelled texts of a language no model decides anything.
ENOUGH = 300
_FOLDS = 5
_RARE = 2  # texts that a feature must stand in
_MOST = 60_000  # features
_C = 20.0  # how little the weights are held back
_SURE = 1.645  # standard deviations of the one-sided 95 % bound


class Fold(Struct, frozen=True, kw_only=True):
    """What a model that had not seen them said of texts: the true label, the said one, its probability."""

    truth: tuple[str, ...]
    said: tuple[str, ...]
    confidence: tuple[float, ...]


def train(samples: Sequence[Sample], *, corrections: int, made: datetime) -> tuple[Model, Fold]:
    """Make the model of one language, and tell what it says of texts that it did not learn from.

    Raises ValueError where there are too few texts of a label to learn from.
    """
    truth = [sample.label for sample in samples]
    labels = tuple(label for label in LABELS if truth.count(label) >= _FOLDS)
    if len(labels) < 2:
        raise ValueError(f"at least {_FOLDS} texts of two labels are needed")
    kept = [sample for sample in samples if sample.label in labels]
    counted = [features(sample.text, sample.language) for sample in kept]
    answers = np.array([labels.index(sample.label) for sample in kept])
    held_out = _held_out(counted, answers, len(labels))
    temperature = _temperature(held_out, answers)
    shares = _shares(held_out / temperature)
    fold = Fold(
        truth=tuple(labels[one] for one in answers), said=tuple(labels[one] for one in shares.argmax(axis=1)),
        confidence=tuple(round(float(one), 4) for one in shares.max(axis=1)),
    )  # fmt: skip
    card = Card(
        language=kept[0].language, labels=labels, samples=len(kept), corrections=corrections, temperature=temperature,
        thresholds=thresholds(fold) if len(kept) >= ENOUGH else {}, made=made.isoformat(),
    )  # fmt: skip
    return _whole(card, counted, answers), fold


def thresholds(fold: Fold) -> dict[str, float]:
    """Give for each label the lowest probability from which on the lower bound of its accuracy reaches the target."""
    found = {}
    for label, target in TARGETS.items():
        told = sorted(
            ((sure, truth == label) for truth, said, sure in zip(fold.truth, fold.said, fold.confidence, strict=True)
             if said == label),
            reverse=True,
        )  # fmt: skip
        right, lowest = 0, None
        for number, (sure, is_right) in enumerate(told, 1):
            right += is_right
            if lower_bound(right, number) >= target:
                lowest = sure
        if lowest is not None:
            found[label] = lowest
    return found


def lower_bound(right: int, all_: int) -> float:
    """Give the lower end of Wilson's interval (1927), one-sided 95 %: what a share is at least."""
    if not all_:
        return 0.0
    share, z2 = right / all_, _SURE**2
    middle = share + z2 / (2 * all_)
    spread = _SURE * math.sqrt(share * (1 - share) / all_ + z2 / (4 * all_**2))
    return (middle - spread) / (1 + z2 / all_)


def _whole(card: Card, counted: list[Counter[str]], answers: NDArray[Any]) -> Model:
    vocabulary = _vocabulary(counted)
    matrix, idf = _matrix(counted, vocabulary)
    fitted = _fit(matrix, answers)
    weights, bias = fitted.coef_, fitted.intercept_
    if len(card.labels) == 2:  # one row stands for both
        weights, bias = np.vstack([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
    return Model(card, vocabulary, idf, weights.astype(np.float32), bias.astype(np.float32))


def _held_out(counted: list[Counter[str]], answers: NDArray[Any], labels: int) -> NDArray[Any]:
    """Give the scores that each text gets from a model of the others."""
    from sklearn.model_selection import StratifiedKFold

    scores = np.zeros((len(counted), labels))
    for learnt, asked in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(answers, answers):
        vocabulary = _vocabulary([counted[one] for one in learnt])
        matrix, idf = _matrix([counted[one] for one in learnt], vocabulary)
        held, _ = _matrix([counted[one] for one in asked], vocabulary, idf)
        told = _fit(matrix, answers[learnt]).decision_function(held)
        scores[asked] = np.column_stack([-told, told]) / 2 if told.ndim == 1 else told
    return scores


def _vocabulary(counted: list[Counter[str]]) -> tuple[str, ...]:
    spread = Counter(name for one in counted for name in one)
    often = sorted((name for name, count in spread.items() if count >= _RARE), key=lambda name: (-spread[name], name))
    return tuple(sorted(often[:_MOST]))


def _matrix(counted: list[Counter[str]], vocabulary: tuple[str, ...], idf: Any = None) -> tuple[Any, Any]:
    """Weigh the features as `Model.scores` does: logarithm of the count times rarity, to length one."""
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    places = {name: place for place, name in enumerate(vocabulary)}
    rows, columns, values = [], [], []
    for row, one in enumerate(counted):
        for name, count in one.items():
            if name in places:
                rows.append(row)
                columns.append(places[name])
                values.append(1 + math.log(count))
    matrix = csr_matrix((values, (rows, columns)), shape=(len(counted), len(vocabulary)), dtype=np.float32)
    if idf is None:
        spread = np.asarray((matrix > 0).sum(axis=0)).ravel()
        idf = (np.log((1 + len(counted)) / (1 + spread)) + 1).astype(np.float32)
    return normalize(matrix.multiply(idf).tocsr()), idf


def _fit(matrix: Any, answers: NDArray[Any]) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=_C, max_iter=1000, class_weight="balanced").fit(matrix, answers)


def _temperature(scores: NDArray[Any], answers: NDArray[Any]) -> float:
    """Find the temperature at which the held-out texts are most likely (Guo et al. 2017)."""
    tried = np.exp(np.linspace(math.log(0.05), math.log(5), 60))
    losses = [-np.log(_shares(scores / one)[np.arange(len(answers)), answers] + 1e-12).mean() for one in tried]
    return round(float(tried[int(np.argmin(losses))]), 4)


def _shares(scores: NDArray[Any]) -> NDArray[Any]:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: NDArray[Any] = raised / raised.sum(axis=1, keepdims=True)
    return shares
