"""Rules as Spark columns over the `signals` table. `rules.arrow` says the same for Arrow; one test runs both."""

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F

from corpusmill.rules.rule import UNSCORED, BoundName, Rule, Signal

_COMPARE: dict[BoundName, Callable[[Any, Any], Any]] = {"min": operator.ge, "max": operator.le, "above": operator.gt, "below": operator.lt}


def reasons_column(rules: Sequence[Rule]) -> Column:
    """array<string>: the reason of every rule that fails, in recipe order, each once. A null signal of measure makes the query fail.

    A rule on a score is evaluated where no rule above it gave a reason; where its family is null there, `unscored:<family>` is the reason.
    """
    if not rules:
        return F.array().cast("array<string>")
    reasons = F.array_distinct(F.array_compact(F.array(*(_reason(rules, number) for number in range(len(rules))))))
    stop = F.raise_error(F.lit("a signal is null: run measure_documents")).cast("array<string>")
    return F.when(unmeasured_column(rules), stop).otherwise(reasons)


def unmeasured_column(rules: Sequence[Rule]) -> Column:
    """boolean: whether a signal of measure that the rules look at is null, which means not measured."""
    signals = dict.fromkeys(signal for rule in rules for signal in rule.signals if not signal.is_scored)
    return _any(_value(signal).isNull() for signal in signals)


def unscored_column(rules: Sequence[Rule]) -> Column:
    """boolean: whether a rule on a score is reached whose family is null."""
    return _any(_is_reached(rules, number) & _lacks(rule) for number, rule in enumerate(rules) if rule.scored)


def first_failure(rules: Sequence[Rule]) -> Column:
    """int: the number of the first rule that looks at signals of measure alone and fails; else how many rules there are."""
    fails = [F.when(_fails(rule), F.lit(number)) for number, rule in enumerate(rules) if not rule.scored]
    return F.coalesce(*fails, F.lit(len(rules)))


def applies_column(rule: Rule) -> Column:
    """boolean: whether the rule's `when` lets it apply, where that looks at a signal of measure; else true."""
    if rule.when is None or rule.when[0].is_scored:
        return F.lit(True)
    return _value(rule.when[0]).isin(*rule.when[1])


def _reason(rules: Sequence[Rule], number: int) -> Column:
    """The reason that a rule gives, else null."""
    rule = rules[number]
    if not rule.scored:
        return F.when(_fails(rule), F.lit(rule.reason))
    lacking = F.coalesce(*(F.when(F.col(family).isNull(), F.lit(UNSCORED + family)) for family in rule.scored))
    found = F.when(_lacks(rule), lacking).when(_fails(rule), F.lit(rule.reason))
    return F.when(_is_reached(rules, number), found)


def _is_reached(rules: Sequence[Rule], number: int) -> Column:
    """Whether no rule above gives a reason. A rule on a score above counts where its family is there: the first of them was reached itself."""
    return ~_any(F.coalesce(_fails(rule), F.lit(False)) if rule.scored else _fails(rule) for rule in rules[:number])


def _lacks(rule: Rule) -> Column:
    """Whether a rule on a score applies, as far as can be seen, and has nothing to look at."""
    applies = applies_column(rule)
    if rule.when is not None and rule.when[0].is_scored:
        applies = F.coalesce(_value(rule.when[0]).isin(*rule.when[1]), F.lit(True))
    return applies & _any(F.col(family).isNull() for family in rule.scored)


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


def _any(columns: Any) -> Column:  # noqa: ANN401 - an iterable of columns, of no class that classic and Connect share
    return reduce(operator.or_, columns, F.lit(False))


def _value(signal: Signal) -> Column:
    return F.col(signal.family).getField(signal.field)
