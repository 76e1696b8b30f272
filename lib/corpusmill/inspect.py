"""What corpusmill thinks of a text: signals, reasons, edits and final text, by the functions that the jobs call, without Spark."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
from rich.console import Group
from rich.table import Table
from rich.text import Text

from corpusmill.errors import ConfigError, InputError
from corpusmill.ingest.charset import stored_text
from corpusmill.ingest.identity import text_digest
from corpusmill.paths import files_folder
from corpusmill.rules.arrow import failures, reasons_array
from corpusmill.rules.rule import Rule
from corpusmill.scoring.cascade import candidates_of, plan_cascade, run_cascade
from corpusmill.scoring.current import current_model
from corpusmill.scoring.models import local_model
from corpusmill.scoring.scorer import Scorer, open_scorer
from corpusmill.settings import Config, ModelSettings, WordListScoreSettings
from corpusmill.signals.registry import SignalStruct, chosen_families
from corpusmill.signals.scored import scored_structs
from corpusmill.tables import Documents, Signals
from corpusmill.text.measure import measure, measure_settings
from corpusmill.text.spans import apply_edits

_BATCH = 256
"""Texts measured together."""


class Inspector:
    """A recipe with its models in memory."""

    def __init__(self, config: Config) -> None:
        """Raises ConfigError for a rule that is wrong, NotReadyError or InputError for a model that is not there."""
        self._edits = config.edits
        self._measure = measure_settings(config)
        self._cascade = plan_cascade(config.rules, config.scores)
        self._scorers = _open_scorers(config)
        self.structs: tuple[SignalStruct, ...] = (*chosen_families(self._measure.families), *scored_structs(config.scores))
        """Every struct of signals, measured and scored."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """In recipe order."""
        return self._cascade.rules

    def measured(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Rows of documents as `signals` has them, with a struct more for each score: null where the document did not reach it."""
        measured = measure(batch, self._edits, self._measure)
        found = run_cascade(self._cascade, self._scorers, candidates_of(self._cascade, batch.column(Documents.text), measured))
        for name, scored in found.items():
            measured = measured.append_column(name, scored.values)
        return measured

    def answers(self, texts: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
        """See inspect_text."""
        given = list(texts)
        if not given:
            return []
        batch = _documents(given)
        measured = self.measured(batch)
        edits = measured.column(Signals.edits)
        edited = apply_edits(batch.column(Documents.text), edits)
        signals = {struct.name: measured.column(struct.name).to_pylist() for struct in self.structs}
        rows = zip(given, reasons_array(self.rules, measured).to_pylist(), edits.to_pylist(), edited.to_pylist(), strict=True)
        return [
            {
                "id": id_,
                "reasons": reasons,
                "signals": {name: values[row] for name, values in signals.items()},
                "edits": edits,
                "text": text,
            }
            for row, ((id_, _), reasons, edits, text) in enumerate(rows)
        ]


def inspect_text(texts: Iterable[tuple[str, str]], config: Config) -> list[dict[str, Any]]:
    """One answer a (id, text): {"id", "reasons", "signals": {family: {name: value}}, "edits", "text"}, `text` with the edits applied.

    A score that a text did not reach is null. Raises as Inspector does, ConfigError for an edit that does not exist.
    """
    return Inspector(config).answers(texts)


def _open_scorers(config: Config) -> dict[str, Scorer]:
    store = config.store
    lacking = [settings.name for settings in config.scores if isinstance(settings, ModelSettings) and not settings.model]
    if lacking and not store.root and not store.files:
        raise ConfigError(f"model {lacking[0]!r} is looked for in the store: set store.root, or scores.model to a file of yours")
    folder = files_folder(store.root, store.files)
    with tempfile.TemporaryDirectory() as lists:
        files = {s.name: lists if isinstance(s, WordListScoreSettings) else folder for s in config.scores}
        return {s.name: open_scorer(s, local_model(current_model(files[s.name], s))) for s in config.scores}


def inspect_lines(lines: Iterable[str], config: Config) -> Iterator[dict[str, Any]]:
    """One answer for each JSON line of {"id", "text"}, measured in batches; a line without id has its number, from 1.

    Raises InputError naming the line that is none.
    """
    inspector = Inspector(config)
    waiting: list[tuple[str, str]] = []
    for number, line in enumerate(lines, start=1):
        try:
            waiting += [_parse(number, line)] if line.strip() else []
        except InputError:
            yield from inspector.answers(waiting)
            raise
        if len(waiting) == _BATCH:
            yield from inspector.answers(waiting)
            waiting = []
    yield from inspector.answers(waiting)


def _parse(number: int, line: str) -> tuple[str, str]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(f"line {number}: not JSON: {error}") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise InputError(f'line {number}: must be an object with a text, {{"id": ..., "text": ...}}')
    return str(row.get("id", number)), row["text"]


def _documents(texts: list[tuple[str, str]]) -> pa.RecordBatch:
    """As ingest stores them."""
    stored = [stored_text(text) for _, text in texts]
    return pa.RecordBatch.from_pydict(
        {
            Documents.doc_id: pa.array([stored_text(id_).decode() for id_, _ in texts], pa.string()),
            Documents.snapshot: pa.array(["inspect"] * len(texts), pa.string()),
            Documents.chunk: pa.array([0] * len(texts), pa.int32()),
            Documents.text: pa.array([text.decode() for text in stored], pa.string()),
            Documents.text_digest: pa.array([text_digest(text) for text in stored], pa.binary()),
        }
    )


def explain(text: str, config: Config) -> Group:
    """For the terminal: every rule with its value and bound and whether it passed, all signals, the edits, the final text."""
    inspector = Inspector(config)
    batch = _documents([("text", text)])
    (answer,) = inspector.answers([("text", text)])
    verdict = Text("kept", style="green") if not answer["reasons"] else Text("out: " + ", ".join(answer["reasons"]), style="red")
    failed = failures(inspector.rules, inspector.measured(batch))[0]
    parts: list[Text | Table] = [
        verdict,
        _rule_table(inspector.rules, answer["signals"], [bool(fails) for fails in failed]),
        _signal_table(inspector.structs, answer["signals"]),
    ]
    if answer["edits"]:
        parts.append(_edit_table(answer["edits"], batch.column(Documents.text)[0].as_buffer().to_pybytes()))
    return Group(*parts, Text(answer["text"]))


def _rule_table(rules: tuple[Rule, ...], signals: dict[str, dict[str, Any]], failed: list[bool]) -> Table:
    table = Table("", "reason", "value", "must be", "source", title="Rules", title_justify="left")
    for rule, fails in zip(rules, failed, strict=True):
        value = _value(signals, rule.signal.family, rule.signal.field)
        mark = Text("fails", style="red") if fails else Text("passes", style="green") if value is not None else Text("not reached")
        table.add_row(mark, rule.reason, _shown(value), rule.statement(), Text(rule.source, style="dim"))
    return table


def _signal_table(structs: Iterable[SignalStruct], signals: dict[str, dict[str, Any]]) -> Table:
    table = Table("signal", "value", "meaning", title="Signals", title_justify="left")
    for struct in structs:
        for field in struct.fields:
            shown = _shown(_value(signals, struct.name, field.name))
            table.add_row(f"{struct.name}.{field.name}", shown, Text(field.doc, style="dim"))
    return table


def _value(signals: dict[str, dict[str, Any]], family: str, field: str) -> float | str | None:
    """None where a document did not reach the score."""
    return signals[family][field] if signals[family] is not None else None


def _edit_table(edits: list[dict[str, Any]], data: bytes) -> Table:
    table = Table("bytes", "reason", "text", "becomes", title="Edits", title_justify="left")
    for edit in edits:
        passage = data[edit["start"] : edit["end"]].decode()
        table.add_row(f"{edit['start']}-{edit['end']}", edit["reason"], Text(repr(passage[:80])), Text(repr(edit["replacement"] or "")))
    return table


def _shown(value: float | str | None) -> str:
    return "" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)
