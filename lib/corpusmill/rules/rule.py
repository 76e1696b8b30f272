"""A rule as the recipe writes it becomes a checked Rule: its signal exists, its bounds fit the signal's type and can be met."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpusmill.errors import ConfigError
from corpusmill.nearest import nearest
from corpusmill.settings import RuleSettings, Scores
from corpusmill.signals.registry import families
from corpusmill.signals.scored import scored_structs

BoundName = Literal["min", "max", "above", "below"]
BOUNDS: dict[BoundName, str] = {"min": ">=", "max": "<=", "above": ">", "below": "<"}
"""What a value must be to pass. NaN meets no bound."""
UNSCORED = "unscored:"
"""The reason of a document that a rule on a score has yet to judge begins so; then comes the family."""


@dataclass(frozen=True)
class Signal:
    """A field of a signal family, of Spark type bigint, double or string."""

    family: str
    field: str
    type: str
    is_scored: bool = False
    """Computed by score_documents, where no rule above gave a reason; else by measure_documents for every document."""

    def __str__(self) -> str:
        """As recipes name it."""
        return f"{self.family}.{self.field}"


@dataclass(frozen=True)
class Rule:
    """Documents whose `signal` is outside get `reason`; `when` holds another signal and the texts for which the rule applies at all."""

    reason: str
    signal: Signal
    bounds: tuple[tuple[BoundName, float], ...]
    within: tuple[str, ...] | None
    when: tuple[Signal, tuple[str, ...]] | None
    source: str

    @property
    def signals(self) -> tuple[Signal, ...]:
        """All it looks at."""
        return (self.signal,) if self.when is None else (self.signal, self.when[0])

    @property
    def scored(self) -> tuple[str, ...]:
        """The families that score_documents computes and it looks at."""
        return tuple(dict.fromkeys(signal.family for signal in self.signals if signal.is_scored))

    def statement(self) -> str:
        """What must hold, for people: `gopher_quality.words >= 50 and <= 100000`."""
        wanted = " and ".join(f"{BOUNDS[name]} {value:.12g}" for name, value in self.bounds)
        condition = "" if self.when is None else f" where {self.when[0]} in {', '.join(self.when[1])}"
        return f"{self.signal} {wanted or 'in ' + ', '.join(self.within or ())}{condition}"


def compile_rules(settings: Sequence[RuleSettings], scores: Scores = ()) -> tuple[Rule, ...]:
    """Check every rule against the registered signals and those of `scores`. Raises ConfigError naming rule, key and what it must be."""
    known = {str(signal): signal for signal in (*_measured_signals(), *_scored_signals(scores))}
    return tuple(_compile(number, rule, known) for number, rule in enumerate(settings, start=1))


def _measured_signals() -> Iterator[Signal]:
    return (Signal(family.name, field.name, field.type) for family in families() for field in family.fields)


def _scored_signals(scores: Scores) -> Iterator[Signal]:
    taken = {family.name for family in families()}
    for struct in scored_structs(scores):
        if struct.name in taken:
            raise ConfigError(f"scores: there is already a signal family {struct.name!r}: give this one another name")
        taken.add(struct.name)
        yield from (Signal(struct.name, field.name, field.type, is_scored=True) for field in struct.fields)


def _compile(number: int, settings: RuleSettings, known: dict[str, Signal]) -> Rule:
    where = f"rule {number} ({settings.reason!r})"
    if not settings.reason:
        raise ConfigError(f"rule {number}: reason is empty")
    signal = _signal(settings.signal, where, known)
    bounds = tuple((name, value) for name in BOUNDS if (value := getattr(settings, name)) is not None)
    if signal.type == "string":
        _check_texts(where, signal, bounds, settings.within)
    else:
        _check_numbers(where, signal, bounds, settings.within)
    when = None
    if settings.when is not None:
        other = _signal(settings.when.signal, f"{where} when", known)
        _check_texts(f"{where} when", other, (), settings.when.within)
        when = other, settings.when.within
    return Rule(settings.reason, signal, bounds, settings.within, when, settings.source)


def _signal(name: str, where: str, known: dict[str, Signal]) -> Signal:
    if name not in known:
        raise ConfigError(f"{where}: there is no signal {name!r}; {nearest(name, known)}")
    return known[name]


def _check_texts(where: str, signal: Signal, bounds: tuple[tuple[BoundName, float], ...], within: tuple[str, ...] | None) -> None:
    if signal.type != "string":
        raise ConfigError(f"{where}: {signal} is a number, 'in' is for signals that are text")
    if bounds:
        raise ConfigError(f"{where}: {signal} is text and has no {bounds[0][0]}; give in = [...]")
    if not within:
        raise ConfigError(f"{where}: give in = [...], the values of {signal} to keep")


def _check_numbers(where: str, signal: Signal, bounds: tuple[tuple[BoundName, float], ...], within: tuple[str, ...] | None) -> None:
    if within is not None:
        raise ConfigError(f"{where}: {signal} is a number; give min, max, above or below instead of in")
    if not bounds:
        raise ConfigError(f"{where}: give at least one of min, max, above, below")
    given = dict(bounds)
    for name, value in bounds:
        if not math.isfinite(value):
            raise ConfigError(f"{where}: {name} is {value}, must be a finite number")
    for pair in (("min", "above"), ("max", "below")):
        if given.keys() >= set(pair):
            raise ConfigError(f"{where}: give either {pair[0]} or {pair[1]}, not both")
    low, high = given.get("min", given.get("above", -math.inf)), given.get("max", given.get("below", math.inf))
    if low > high or (low == high and not given.keys() >= {"min", "max"}):
        raise ConfigError(f"{where}: no value is {' and '.join(f'{BOUNDS[name]} {value:.12g}' for name, value in bounds)}")
