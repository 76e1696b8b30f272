"""The cascade: models in the order in which the rules name them, each on the documents alone that no rule above has given a reason against."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpusmill.rules.arrow import applies, fails, first_failure
from corpusmill.rules.rule import Rule, compile_rules
from corpusmill.scoring.scorer import Scorer
from corpusmill.settings import RuleSettings, Scores, ScoreSettings
from corpusmill.signals.scored import scored_struct


@dataclass(frozen=True)
class Cascade:
    """Which model is applied after which, and the rules that decide on which documents."""

    rules: tuple[Rule, ...]
    order: Scores
    """By the first rule that names each; those that no rule names come last."""

    def naming(self, family: str) -> tuple[int, ...]:
        """The numbers of the rules on a family."""
        return tuple(number for number, rule in enumerate(self.rules) if family in rule.scored)

    def first_rule(self, family: str) -> int:
        """The number of the first rule on a family, which decides who is scored; without one, how many rules there are."""
        return (self.naming(family) or (len(self.rules),))[0]

    def scored_rules(self) -> tuple[int, ...]:
        """The numbers of the rules on scores."""
        return tuple(number for number, rule in enumerate(self.rules) if rule.scored)


@dataclass(frozen=True)
class Candidates:
    """n documents and what the cheap rules say of them."""

    texts: pa.Array
    languages: pa.Array
    """string[n]: ISO 639 codes."""
    first_failure: npt.NDArray[np.int64]
    """int64[n]: the number of the first rule on measured signals that fails, or how many rules there are: rules above it are reached."""
    applies: npt.NDArray[np.bool_]
    """bool[n, scored rules]: whether each rule on a score applies by a measured signal."""
    known: Mapping[str, pa.StructArray]
    """Scores by the same models that were made before, null where there is none."""


@dataclass(frozen=True)
class Scored:
    """What one model said."""

    values: pa.StructArray
    """Null for the documents that did not reach it."""
    seconds: float
    """Spent in the model."""
    scored: int
    """Documents that it was spent on."""


def plan_cascade(rules: Sequence[RuleSettings], scores: Scores) -> Cascade:
    """Raises ConfigError for a rule that is wrong."""
    compiled = compile_rules(rules, scores)
    named = list(dict.fromkeys(family for rule in compiled for family in rule.scored))
    place = {name: number for number, name in enumerate(named)}
    return Cascade(compiled, tuple(sorted(scores, key=lambda settings: place.get(settings.name, len(named)))))


def candidates_of(cascade: Cascade, texts: pa.Array, signals: pa.RecordBatch) -> Candidates:
    """Texts with what measure says of them. Raises NotReadyError where a signal that the rules look at is null."""
    columns = [applies(cascade.rules[number], signals) for number in cascade.scored_rules()]
    flags = np.stack(columns, axis=1) if columns else np.empty((len(texts), 0), dtype=bool)
    return Candidates(texts, pc.struct_field(signals.column("language"), "code"), first_failure(cascade.rules, signals), flags, {})


def run_cascade(cascade: Cascade, scorers: Mapping[str, Scorer], documents: Candidates) -> dict[str, Scored]:
    """The scores of each family. A model sees only documents that reach a rule on it; where no rule names it, those that all rules keep."""
    until = documents.first_failure.copy()
    columns = dict(zip(cascade.scored_rules(), documents.applies.T, strict=True))
    found: dict[str, Scored] = {}
    for settings in cascade.order:
        naming = cascade.naming(settings.name)
        needed = until >= len(cascade.rules) if not naming else np.zeros(until.size, dtype=bool)
        for number in naming:
            needed |= (until >= number) & columns[number]
        found[settings.name] = _score(settings, scorers[settings.name], documents, needed)
        structs = pa.RecordBatch.from_pydict({name: scored.values for name, scored in found.items()})
        for number in naming:
            if set(cascade.rules[number].scored) <= found.keys():
                failing = fails(_on_scores_alone(cascade.rules[number]), structs) & columns[number] & (until >= number)
                until = np.where(failing, np.minimum(until, number), until)
    return found


def _on_scores_alone(rule: Rule) -> Rule:
    """The rule without a condition on a measured signal, which Candidates.applies holds."""
    return rule if rule.when is None or rule.when[0].is_scored else replace(rule, when=None)


def _score(settings: ScoreSettings, scorer: Scorer, documents: Candidates, needed: npt.NDArray[np.bool_]) -> Scored:
    type_ = scored_struct(settings).arrow()
    known = documents.known.get(settings.name, pa.nulls(len(documents.texts), type_))
    missing = needed & ~known.is_valid().to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(missing)
    began = time.perf_counter()
    made = scorer.score(documents.texts.take(pa.array(rows)), documents.languages.take(pa.array(rows)))
    seconds = time.perf_counter() - began
    places = np.cumsum(missing) - 1
    spread = made.take(pa.array(places, mask=~missing))
    values = pc.if_else(pa.array(missing), spread, pc.if_else(pa.array(needed), known, pa.nulls(len(known), type_)))
    return Scored(values, seconds, rows.size)
