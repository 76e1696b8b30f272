"""Linear models on vectors at their optimum: ridge regression in closed form, logistic regression by L-BFGS; rows are read in blocks."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]
_ROWS = 16_384
"""Rows that are made float64 at a time: 100 MB of 768 values."""
_STEPS = 1_000


def fit_ridge(vectors: Vectors, values: Floats, penalty: float) -> tuple[Floats, float, float]:
    """(weights[d], bias) that minimise Σ (value - weights·vector - bias)² + penalty·|weights|², over float32[n, d] and float64[n].

    Third the root mean square of the errors that are left.
    """
    middle, mean = vectors.mean(axis=0, dtype=np.float64), float(values.mean())
    squares, products = np.eye(vectors.shape[1]) * penalty, np.zeros(vectors.shape[1])
    for rows in _blocks(len(vectors)):
        centred = vectors[rows] - middle
        squares += centred.T @ centred
        products += centred.T @ (values[rows] - mean)
    weights = np.linalg.solve(squares, products).astype(np.float64)
    left = sum(float(((values[rows] - mean - (vectors[rows] - middle) @ weights) ** 2).sum()) for rows in _blocks(len(vectors)))
    return weights, float(mean - middle @ weights), float(np.sqrt(left / len(vectors)))


def fit_logistic(vectors: Vectors, classes: npt.NDArray[np.int64], count: int, penalty: float) -> tuple[Floats, Floats]:
    """(weights[count, d], bias[count]) that minimise the summed cross-entropy + penalty/2·|weights|², of classes 0 to `count` - 1.

    Of two classes the second alone has weights, as in scikit-learn: the penalty of two rows that are each other's negative would be half.
    """
    from scipy.optimize import minimize

    free, size = (count if count > 2 else 1), vectors.shape[1]

    def objective(flat: Floats) -> tuple[float, Floats]:
        table = flat.reshape(free, size + 1)
        loss, gradient = 0.0, np.zeros_like(table)
        for rows in _blocks(len(vectors)):
            block = vectors[rows].astype(np.float64)
            logits = np.zeros((len(block), count))
            logits[:, count - free :] = block @ table[:, :size].T + table[:, size]
            logits -= logits.max(axis=1, keepdims=True)
            raised = np.exp(logits)
            sums = raised.sum(axis=1)
            places = np.arange(len(block)), classes[rows]
            loss += float((np.log(sums) - logits[places]).sum())
            errors = raised / sums[:, None]
            errors[places] -= 1
            errors = errors[:, count - free :]
            gradient[:, :size] += errors.T @ block
            gradient[:, size] += errors.sum(axis=0)
        gradient[:, :size] += penalty * table[:, :size]
        loss += penalty / 2 * float((table[:, :size] ** 2).sum())
        return loss / len(vectors), gradient.ravel() / len(vectors)

    options = {"maxiter": _STEPS, "ftol": 1e-14, "gtol": 1e-7}
    found = minimize(objective, np.zeros(free * (size + 1)), jac=True, method="L-BFGS-B", options=options)
    table = np.zeros((count, size + 1))
    table[count - free :] = found.x.reshape(free, size + 1)
    return table[:, :size], table[:, size]


def _blocks(rows: int) -> Iterator[slice]:
    return (slice(first, first + _ROWS) for first in range(0, rows, _ROWS))
