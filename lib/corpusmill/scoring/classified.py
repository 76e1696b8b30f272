"""What every classifier says of documents, as the struct of signals.scored: label, probability, score."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpusmill.errors import ConfigError
from corpusmill.settings import ClassifierSettings
from corpusmill.signals.scored import scored_struct


def classified(settings: ClassifierSettings, labels: Sequence[str], positive: int, found: npt.NDArray[np.float32]) -> pa.StructArray:
    """`found` float32[n, labels]: probabilities; a row of zeros is a text without words. `positive`: its number, -1 for none."""
    best = found.argmax(axis=1) if len(found) else np.empty(0, np.int64)
    probability = np.minimum(found[np.arange(len(found)), best], 1.0).astype(np.float64)
    names = pa.array([*labels, ""]).take(pa.array(np.where(probability > 0, best, len(labels))))
    score = np.minimum(found[:, positive], 1.0).astype(np.float64) if positive >= 0 else probability
    return scored_struct(settings).struct(label=names, probability=probability, score=score)


def positive_number(settings: ClassifierSettings, positive: str, labels: Sequence[str]) -> int:
    """The number of the label whose probability is the score, -1 where none is named. Raises ConfigError where the model has none such."""
    if not positive:
        return -1
    if positive not in labels:
        shown = ", ".join(labels[:20])
        raise ConfigError(f"scores: {settings.name} has no label {positive!r}; the model's labels are {shown}")
    return labels.index(positive)
