"""The linear head of an embedding classifier: what its file holds, and what it says of vectors."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from corpusmill.errors import ConfigError, InputError
from corpusmill.settings import ClassifierSettings, EmbeddingScoreSettings, Settings


class Head(Settings):
    """A row of weights a label; of a regression one row, and the whole numbers between its least and its greatest as labels."""

    embedder: str
    """As the setting named it in training: for messages, where the digest is another."""
    embedder_sha256: str
    tokens: int
    labels: tuple[str, ...]
    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    is_regression: bool = False
    spread: float = 0.0
    """Root mean square of a regression's errors in training."""

    def values(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """float64[n, rows of weights] of float32[n, size]."""
        found: npt.NDArray[np.float64] = vectors.astype(np.float64) @ np.array(self.weights).T + np.array(self.bias)
        return found


def read_head(path: Path) -> Head:
    """Raises InputError where the file is no head."""
    try:
        head = Head.model_validate_json(path.read_bytes())
    except (ValidationError, IsADirectoryError) as error:
        raise InputError(f"{path}: no head of an embedding classifier: train_classifier makes them") from error
    rows = 1 if head.is_regression else len(head.labels)
    if not rows == len(head.weights) == len(head.bias) or len({len(row) for row in head.weights}) != 1 or not head.labels:
        raise InputError(f"{path}: the head's labels, weights and bias do not fit together: train it again")
    return head


def number_of(settings: ClassifierSettings, label: str) -> float:
    """A regression's label as the number that it is. Raises ConfigError."""
    try:
        number = float(label)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ConfigError(f'scores: {settings.name}: label {label!r} is no number: give training.task = "classification"')
    return number


def true_labels(settings: ClassifierSettings, labels: Sequence[str]) -> list[str]:
    """Labels of examples as the model would say them: a regression says whole numbers."""
    if not isinstance(settings, EmbeddingScoreSettings) or settings.training.task == "classification":
        return list(labels)
    return [str(round(number_of(settings, label))) for label in labels]
