"""The trained model: one for each language, told by the words of reports, and silent where it is not sure."""

from classifier.model.features import Sample
from classifier.model.model import LABELS, OTHER, Model, Prediction

__all__ = ["LABELS", "OTHER", "Model", "Prediction", "Sample"]
