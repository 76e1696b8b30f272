"""What corpusmill thinks of a text: signals, reasons, edits and final text, by the functions that the jobs call, without Spark."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
from rich.console import Group
from rich.table import Table
from rich.text import Text

from corpusmill.errors import InputError
from corpusmill.ingest.charset import stored_text
from corpusmill.ingest.identity import text_digest
from corpusmill.rules.arrow import failures, reasons_array
from corpusmill.rules.rule import Rule, compile_rules
from corpusmill.settings import Config
from corpusmill.signals.registry import chosen_families
from corpusmill.tables import Documents, Signals
from corpusmill.text.measure import measure, measure_settings
from corpusmill.text.spans import apply_edits

_BATCH = 256
"""Texts measured together."""


def inspect_text(texts: Iterable[tuple[str, str]], config: Config) -> list[dict[str, Any]]:
    """One answer a (id, text): {"id", "reasons", "signals": {family: {name: value}}, "edits", "text"}, `text` with the edits applied.

    Raises ConfigError for a rule or an edit that does not exist.
    """
    rules = compile_rules(config.rules)
    given = list(texts)
    if not given:
        return []
    batch = _documents(given)
    settings = measure_settings(config)
    measured = measure(batch, config.edits, settings)
    edits = measured.column(Signals.edits)
    edited = apply_edits(batch.column(Documents.text), edits)
    signals = {family.name: measured.column(family.name).to_pylist() for family in chosen_families(settings.families)}
    rows = zip(given, reasons_array(rules, measured).to_pylist(), edits.to_pylist(), edited.to_pylist(), strict=True)
    return [
        {"id": id_, "reasons": reasons, "signals": {name: values[row] for name, values in signals.items()}, "edits": edits, "text": text}
        for row, ((id_, _), reasons, edits, text) in enumerate(rows)
    ]


def inspect_lines(lines: Iterable[str], config: Config) -> Iterator[dict[str, Any]]:
    """One answer for each JSON line of {"id", "text"}, measured in batches; a line without id has its number, from 1.

    Raises InputError naming the line that is none.
    """
    waiting: list[tuple[str, str]] = []
    for number, line in enumerate(lines, start=1):
        try:
            waiting += [_parse(number, line)] if line.strip() else []
        except InputError:
            yield from inspect_text(waiting, config)
            raise
        if len(waiting) == _BATCH:
            yield from inspect_text(waiting, config)
            waiting = []
    yield from inspect_text(waiting, config)


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
    rules = compile_rules(config.rules)
    batch = _documents([("text", text)])
    measured = measure(batch, config.edits, measure_settings(config))
    (answer,) = inspect_text([("text", text)], config)
    verdict = Text("kept", style="green") if not answer["reasons"] else Text("out: " + ", ".join(answer["reasons"]), style="red")
    failed = failures(rules, measured)[0]
    parts: list[Text | Table] = [
        verdict,
        _rule_table(rules, answer["signals"], [bool(fails) for fails in failed]),
        _signal_table(answer["signals"]),
    ]
    if answer["edits"]:
        parts.append(_edit_table(answer["edits"], batch.column(Documents.text)[0].as_buffer().to_pybytes()))
    return Group(*parts, Text(answer["text"]))


def _rule_table(rules: tuple[Rule, ...], signals: dict[str, dict[str, Any]], failed: list[bool]) -> Table:
    table = Table("", "reason", "value", "must be", "source", title="Rules", title_justify="left")
    for rule, fails in zip(rules, failed, strict=True):
        mark = Text("fails", style="red") if fails else Text("passes", style="green")
        value = signals[rule.signal.family][rule.signal.field]
        table.add_row(mark, rule.reason, _shown(value), rule.statement(), Text(rule.source, style="dim"))
    return table


def _signal_table(signals: dict[str, dict[str, Any]]) -> Table:
    table = Table("signal", "value", "meaning", title="Signals", title_justify="left")
    for family in chosen_families(signals):
        for field in family.fields:
            table.add_row(f"{family.name}.{field.name}", _shown(signals[family.name][field.name]), Text(field.doc, style="dim"))
    return table


def _edit_table(edits: list[dict[str, Any]], data: bytes) -> Table:
    table = Table("bytes", "reason", "text", "becomes", title="Edits", title_justify="left")
    for edit in edits:
        passage = data[edit["start"] : edit["end"]].decode()
        table.add_row(f"{edit['start']}-{edit['end']}", edit["reason"], Text(repr(passage[:80])), Text(repr(edit["replacement"] or "")))
    return table


def _shown(value: float | str) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
