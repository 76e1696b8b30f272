"""Rules over Arrow batches of signals, without Spark. `rules.columns` says the same for Spark; one test runs both."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpusmill.errors import NotReadyError
from corpusmill.rules.rule import UNSCORED, BoundName, Rule, Signal

Flags = npt.NDArray[np.bool_]

_COMPARE: dict[BoundName, Callable[[Any, Any], Any]] = {
    "min": pc.greater_equal,
    "max": pc.less_equal,
    "above": pc.greater,
    "below": pc.less,
}


def reasons_array(rules: Sequence[Rule], signals: pa.RecordBatch) -> pa.ListArray:
    """list<string>[n]: the reason of every rule that fails, in recipe order, each once. `signals` has one struct column a family.

    A rule on a score is evaluated where no rule above it gave a reason; where its family is null there, `unscored:<family>` is the reason.
    Raises NotReadyError where a signal of measure that the rules look at is null, which means not measured.
    """
    failed, lacking = _evaluate(rules, signals)
    reasons = []
    for row in range(signals.num_rows):
        found = [
            _reason(rules[rule], signals, row, bool(lacking[row, rule])) for rule in np.flatnonzero(failed[row] | lacking[row]).tolist()
        ]
        reasons.append(list(dict.fromkeys(found)))
    return pa.array(reasons, type=pa.list_(pa.string()))


def failures(rules: Sequence[Rule], signals: pa.RecordBatch) -> Flags:
    """bool[n, rules]: which rules each document fails. Raises NotReadyError."""
    return _evaluate(rules, signals)[0]


def fails(rule: Rule, signals: pa.RecordBatch) -> Flags:
    """bool[n]: which documents fail one rule; false where a score that it looks at is null. Raises NotReadyError for a null of measure."""
    value = _value(rule.signal, signals)
    passes = _is_in(value, rule.within) if rule.within is not None else _meets(value, rule)
    return _applies(rule, signals) & ~passes & _is_scored(rule, signals)


def first_failure(rules: Sequence[Rule], signals: pa.RecordBatch) -> npt.NDArray[np.int64]:
    """int64[n]: the number of the first rule that looks at signals of measure alone and fails; else how many rules there are.

    Raises NotReadyError.
    """
    first = np.full(signals.num_rows, len(rules), np.int64)
    for number in reversed(range(len(rules))):
        if not rules[number].scored:
            first[fails(rules[number], signals)] = number
    return first


def applies(rule: Rule, signals: pa.RecordBatch) -> Flags:
    """bool[n]: whether the rule's `when` lets it apply, where that looks at a signal of measure; else true. Raises NotReadyError."""
    if rule.when is None or rule.when[0].is_scored:
        return np.ones(signals.num_rows, dtype=bool)
    return _is_in(_value(rule.when[0], signals), rule.when[1])


def _evaluate(rules: Sequence[Rule], signals: pa.RecordBatch) -> tuple[Flags, Flags]:
    """bool[n, rules] each: which rules a document fails, and which of those it reaches have no score to look at."""
    failed = np.zeros((signals.num_rows, len(rules)), dtype=bool)
    lacking = np.zeros_like(failed)
    for number, rule in enumerate(rules):
        reached = ~failed[:, :number].any(axis=1) if rule.scored else True
        failed[:, number] = fails(rule, signals) & reached
        if rule.scored:
            lacking[:, number] = _applies(rule, signals) & ~_is_scored(rule, signals) & reached
    return failed, lacking


def _reason(rule: Rule, signals: pa.RecordBatch, row: int, is_lacking: bool) -> str:
    if not is_lacking:
        return rule.reason
    return UNSCORED + next(family for family in rule.scored if not signals.column(family)[row].is_valid)


def _applies(rule: Rule, signals: pa.RecordBatch) -> Flags:
    """As far as can be seen: a rule whose `when` looks at a score that is null does."""
    if rule.when is None or not rule.when[0].is_scored:
        return applies(rule, signals)
    return _is_in(_value(rule.when[0], signals), rule.when[1]) | ~_valid(signals.column(rule.when[0].family))


def _is_scored(rule: Rule, signals: pa.RecordBatch) -> Flags:
    scored = np.ones(signals.num_rows, dtype=bool)
    for family in rule.scored:
        scored &= _valid(signals.column(family))
    return scored


def _valid(column: pa.Array) -> Flags:
    valid: Flags = column.is_valid().to_numpy(zero_copy_only=False)
    return valid


def _meets(value: pa.Array, rule: Rule) -> Flags:
    number = value.cast(pa.float64(), safe=False)
    passes = np.ones(len(value), dtype=bool)
    for name, bound in rule.bounds:
        passes &= pc.fill_null(_COMPARE[name](number, pa.scalar(bound, pa.float64())), True).to_numpy(zero_copy_only=False)
    return passes


def _is_in(value: pa.Array, texts: Sequence[str]) -> Flags:
    found: Flags = pc.is_in(value, value_set=pa.array(texts, pa.string())).to_numpy(zero_copy_only=False)
    return found


def _value(signal: Signal, signals: pa.RecordBatch) -> pa.Array:
    value = pc.struct_field(signals.column(signal.family), signal.field)
    if value.null_count and not signal.is_scored:
        raise NotReadyError(f"signal {signal} of {value.null_count} documents is null: run measure_documents")
    return value
