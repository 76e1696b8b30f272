"""What held-out examples say of a classifier: precision, recall and F1 a label, calibration, and the score that a share of documents reaches."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

BINS = 10
"""Bins of equal width of the calibration."""
KEPT_SHARES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.5)


def evaluate(labels: Sequence[str], found: pa.StructArray) -> dict[str, Any]:
    """Measures of predictions (label, probability, score) against the true `labels` of n held-out examples, as JSON holds them.

    `labels`: by label precision, recall, F1 and how many examples have it; `f1`: their mean; `accuracy`; `calibration`: bins of the
    probability with its mean, the share that is right, and how many; `kept`: for each share the least score of the examples it keeps.
    """
    true, guessed = np.array(labels, object), np.array(found.field("label").to_pylist(), object)
    by_label = {label: _measures(true == label, guessed == label) for label in sorted(set(labels))}
    scores = np.sort(found.field("score").to_numpy(zero_copy_only=False))[::-1]
    return {
        "examples": len(true),
        "accuracy": float(np.mean(true == guessed)),
        "f1": float(np.mean([measures["f1"] for measures in by_label.values()])),
        "labels": by_label,
        "calibration": _calibration(found.field("probability").to_numpy(zero_copy_only=False), true == guessed),
        "kept": {str(share): float(scores[max(int(share * scores.size) - 1, 0)]) for share in KEPT_SHARES},
    }


def _measures(is_true: npt.NDArray[np.bool_], is_guessed: npt.NDArray[np.bool_]) -> dict[str, float]:
    hits, true, guessed = int((is_true & is_guessed).sum()), int(is_true.sum()), int(is_guessed.sum())
    precision, recall = hits / guessed if guessed else 0.0, hits / true if true else 0.0
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall) if hits else 0.0,
        "examples": true,
    }


def _calibration(probability: npt.NDArray[np.float64], is_right: npt.NDArray[np.bool_]) -> list[dict[str, float]]:
    """The bins that hold any, from low to high."""
    places = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    bins = []
    for number in range(BINS):
        inside = places == number
        if inside.any():
            mean, right = float(probability[inside].mean()), float(is_right[inside].mean())
            bins.append({"probability": mean, "right": right, "examples": int(inside.sum())})
    return bins
