"""One sentence on why a document is out, from what the tables hold: the rule's value and bound, the kept document, the benchmark item."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
from pyspark.sql import Row

from corpusmill.reasons import SEMANTIC
from corpusmill.rules.arrow import failures
from corpusmill.rules.rule import UNSCORED, compile_rules
from corpusmill.settings import Config
from corpusmill.tables import Contamination, Duplicates, Signals

Key = tuple[str, str]
"""(snapshot, doc_id)."""


@dataclass(frozen=True)
class Evidence:
    """What is known of a few removed documents."""

    judged: Config
    """With the rules and scores of the verdicts."""
    signals: pa.Table
    """With a struct more for each score that a rule looks at."""
    duplicates: Mapping[Key, Row]
    """Of `duplicates` and `semantic_duplicates`: what the latter names, the former does not."""
    contamination: Mapping[tuple[str, str, str], Row]
    """By (snapshot, doc_id, benchmark)."""

    def contaminated(self, reason: str, key: Key) -> Row | None:
        """The row behind a reason `contaminated:BENCHMARK`, None for every other reason."""
        kind, _, benchmark = reason.partition(":")
        return self.contamination.get((*key, benchmark)) if kind == "contaminated" else None


def explain(reason: str, key: Key, evidence: Evidence) -> str:
    """Why the document of `key` has `reason`."""
    if reason.endswith("_duplicate") and key in evidence.duplicates:
        similarity = evidence.duplicates[key][Duplicates.similarity]
        if reason == SEMANTIC:
            return f"cosine {similarity:.3f} to a document that is kept"
        said = {"exact_duplicate": "the same text", "url_duplicate": "the same page, by its URL"}
        return said.get(reason) or f"similarity {similarity:.2f} to a document that is kept"
    if row := evidence.contaminated(reason, key):
        return f"{row[Contamination.hits]:,} n-grams of {row[Contamination.benchmark]}, item {row[Contamination.item]}"
    if reason == "empty_after_edits":
        return "its edits leave no text"
    if reason == "duplicate_after_edits":
        return "its edits leave the text of a document that is kept"
    if reason.startswith(UNSCORED):
        return "score_documents has not scored it"
    return _broken_rules(reason, key, evidence)


def _broken_rules(reason: str, key: Key, evidence: Evidence) -> str:
    """The value and the bound of the rules of that reason which the document fails."""
    table = evidence.signals
    ids = zip(table.column(Signals.snapshot).to_pylist(), table.column(Signals.doc_id).to_pylist(), strict=True)
    row = next((number for number, found in enumerate(ids) if found == key), None)
    if row is None:
        return ""
    (batch,) = table.slice(row, 1).combine_chunks().to_batches()
    rules = [rule for rule in compile_rules(evidence.judged.rules, evidence.judged.scores) if rule.reason == reason]
    failed = [rule for rule, fails in zip(rules, failures(rules, batch)[0] if rules else [], strict=True) if fails]
    return "; ".join(
        f"{rule.signal} is {_shown(batch, rule.signal.family, rule.signal.field)}, kept: {rule.statement()}" for rule in failed
    )


def _shown(batch: pa.RecordBatch, family: str, field: str) -> str:
    value = batch.column(family)[0].as_py()[field]
    return f"{value:.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
