"""Rules over Arrow batches of signals, without Spark. `rules.columns` says the same for Spark; one test runs both."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpusmill.errors import NotReadyError
from corpusmill.rules.rule import BoundName, Rule, Signal

_COMPARE: dict[BoundName, Callable[[Any, Any], Any]] = {
    "min": pc.greater_equal,
    "max": pc.less_equal,
    "above": pc.greater,
    "below": pc.less,
}


def reasons_array(rules: Sequence[Rule], signals: pa.RecordBatch) -> pa.ListArray:
    """list<string>[n]: the reason of every rule that fails, in recipe order, each once. `signals` has one struct column a family.

    Raises NotReadyError where a signal that the rules look at is null, which means not measured.
    """
    failed = failures(rules, signals)
    reasons = [list(dict.fromkeys(rules[int(rule)].reason for rule in np.flatnonzero(row))) for row in failed]
    return pa.array(reasons, type=pa.list_(pa.string()))


def failures(rules: Sequence[Rule], signals: pa.RecordBatch) -> np.ndarray:
    """bool[n, rules]: which rules each document fails. Raises NotReadyError."""
    failed = np.zeros((signals.num_rows, len(rules)), dtype=bool)
    for number, rule in enumerate(rules):
        applies = np.ones(signals.num_rows, dtype=bool)
        if rule.when is not None:
            applies = _is_in(_value(rule.when[0], signals), rule.when[1])
        value = _value(rule.signal, signals)
        passes = _is_in(value, rule.within) if rule.within is not None else _meets(value, rule)
        failed[:, number] = applies & ~passes
    return failed


def _meets(value: pa.Array, rule: Rule) -> np.ndarray:
    number = value.cast(pa.float64(), safe=False)
    passes = np.ones(len(value), dtype=bool)
    for name, bound in rule.bounds:
        passes &= _COMPARE[name](number, pa.scalar(bound, pa.float64())).to_numpy(zero_copy_only=False)
    return passes


def _is_in(value: pa.Array, texts: Sequence[str]) -> np.ndarray:
    found: np.ndarray = pc.is_in(value, value_set=pa.array(texts, pa.string())).to_numpy(zero_copy_only=False)
    return found


def _value(signal: Signal, signals: pa.RecordBatch) -> pa.Array:
    value = pc.struct_field(signals.column(signal.family), signal.field)
    if value.null_count:
        raise NotReadyError(f"signal {signal} of {value.null_count} documents is null: run measure_documents")
    return value
