"""A model as it decides and as it lies in the archive: plain numbers, no code, so reading one can run nothing.

Logistic regression over TF-IDF (scikit-learn learns it, see `training`); deciding needs NumPy alone. The file is
NumPy's `.npz` without pickled objects, and a JSON text of the rest.
"""

import hashlib
import io
import math
from collections.abc import Mapping
from functools import cached_property
from zipfile import BadZipFile

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from classifier.model.features import features, words

OTHER = "other"  # no fault, or nothing of what the classes are
LABELS = ("incident", "typical_fix", OTHER)

Floats = NDArray[np.float32]


class Card(Struct, frozen=True, kw_only=True):
    """What a model says of itself."""

    language: str
    labels: tuple[str, ...]  # in the order of the weights' rows
    samples: int  # it learnt from
    corrections: int  # of these, those that people of the desk gave
    temperature: float  # what the scores are divided by, so that a probability is a frequency
    thresholds: Mapping[str, float]  # by label: from which probability on it may decide; absent: never
    made: str  # ISO 8601


class Prediction(Struct, frozen=True, kw_only=True):
    """What the model makes of a text."""

    label: str
    confidence: float  # calibrated: of those given 0.9, nine of ten are right
    sure: bool  # it may decide
    shares: Mapping[str, float]  # of all labels
    version: str  # the model's, the beginning of its hash


class Model:
    """One language's model, ready to decide. Thread-safe."""

    def __init__(self, card: Card, vocabulary: tuple[str, ...], idf: Floats, weights: Floats, bias: Floats) -> None:
        """`idf`: one a feature; `weights`: a row a label, a column a feature; `bias`: one a label."""
        self.card = card
        self._vocabulary = vocabulary
        self._places = {feature: place for place, feature in enumerate(vocabulary)}
        self._idf, self._weights, self._bias = idf, weights, bias

    @cached_property
    def version(self) -> str:
        """Name it by the beginning of its file's hash."""
        return hashlib.sha256(self.dump()).hexdigest()[:12]

    def predict(self, text: str) -> Prediction:
        """Sort a text. Bounded for any text: only its beginning is looked at."""
        scores = self.scores(text) / self.card.temperature
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        best = int(shares.argmax())
        label, confidence = self.card.labels[best], float(shares[best])
        return Prediction(
            label=label, confidence=round(confidence, 4), sure=confidence >= self.card.thresholds.get(label, math.inf),
            shares={name: round(float(share), 4) for name, share in zip(self.card.labels, shares, strict=True)},
            version=self.version,
        )  # fmt: skip

    def scores(self, text: str) -> Floats:
        """Give the score of each label, not calibrated."""
        counted = features(text, self.card.language)
        places = [(self._places[name], count) for name, count in counted.items() if name in self._places]
        if not places:
            return self._bias
        at = np.fromiter((place for place, _ in places), dtype=np.int64)
        weights = (1 + np.log(np.fromiter((count for _, count in places), dtype=np.float32))) * self._idf[at]
        weights /= np.linalg.norm(weights)
        scores: Floats = self._weights[:, at] @ weights + self._bias
        return scores

    def why(self, text: str, label: str, most: int = 5) -> list[tuple[str, float]]:
        """Name the words of a text that spoke most for a label, with their weight; Chinese: pairs of characters."""
        row = self._weights[self.card.labels.index(label)] * self._idf
        told = [(word, self._spoke(row, word)) for word in words(text, self.card.language)]
        best = sorted(told, key=lambda one: (-one[1], one[0]))[:most]
        return [(word, round(weight, 3)) for word, weight in best if weight > 0]

    def _spoke(self, row: Floats, word: str) -> float:
        places = [self._places[name] for name in features(word, self.card.language) if name in self._places]
        return float(row[places].sum())

    def dump(self) -> bytes:
        """Write the model's file; the same model gives the same bytes."""
        file = io.BytesIO()
        names = np.frombuffer("\n".join(self._vocabulary).encode(), dtype=np.uint8)
        card = np.frombuffer(msgspec.json.encode(self.card, order="deterministic"), dtype=np.uint8)
        np.savez_compressed(
            file, card=card, vocabulary=names, idf=self._idf, weights=self._weights.astype(np.float16), bias=self._bias
        )
        return file.getvalue()

    @classmethod
    def load(cls, content: bytes) -> "Model":
        """Read a model's file. Raises ValueError for anything else; pickled objects are refused."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                card = msgspec.json.decode(file["card"].tobytes(), type=Card)
                vocabulary = tuple(file["vocabulary"].tobytes().decode().split("\n"))
                idf, weights = file["idf"].astype(np.float32), file["weights"].astype(np.float32)
                bias = file["bias"].astype(np.float32)
        except (ValueError, KeyError, OSError, EOFError, BadZipFile, msgspec.DecodeError) as error:
            raise ValueError("this is no model of ours, or it is damaged: train a new one") from error
        if weights.shape != (len(card.labels), len(vocabulary)) or idf.shape != (len(vocabulary),):
            raise ValueError("this model's parts don't fit each other: train a new one")
        return cls(card, vocabulary, idf, weights, bias)
