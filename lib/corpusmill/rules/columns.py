"""Rules as Spark columns over the `signals` table. `rules.arrow` says the same for Arrow; one test runs both."""

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F

from corpusmill.rules.rule import BoundName, Rule, Signal

_COMPARE: dict[BoundName, Callable[[Any, Any], Any]] = {"min": operator.ge, "max": operator.le, "above": operator.gt, "below": operator.lt}


def reasons_column(rules: Sequence[Rule]) -> Column:
    """array<string>: the reason of every rule that fails, in recipe order, each once. A null signal makes the query fail."""
    if not rules:
        return F.array().cast("array<string>")
    reasons = F.array_distinct(F.array_compact(F.array(*(F.when(_fails(rule), F.lit(rule.reason)) for rule in rules))))
    stop = F.raise_error(F.lit("a signal is null: run measure_documents")).cast("array<string>")
    return F.when(unmeasured_column(rules), stop).otherwise(reasons)


def unmeasured_column(rules: Sequence[Rule]) -> Column:
    """boolean: whether a signal that the rules look at is null, which means not measured."""
    signals = dict.fromkeys(signal for rule in rules for signal in rule.signals)
    return reduce(operator.or_, (_value(signal).isNull() for signal in signals), F.lit(False))


def _fails(rule: Rule) -> Column:
    value = _value(rule.signal)
    if rule.within is not None:
        passes = value.isin(*rule.within)
    else:
        number = value.cast("double")
        # Spark orders NaN above every number and equal to itself; here it meets no bound, as in IEEE 754.
        passes = reduce(operator.and_, (_COMPARE[name](number, F.lit(bound)) for name, bound in rule.bounds), ~F.isnan(number))
    if rule.when is None:
        return ~passes
    other, values = rule.when
    return _value(other).isin(*values) & ~passes


def _value(signal: Signal) -> Column:
    return F.col(signal.family).getField(signal.field)
