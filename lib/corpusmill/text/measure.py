"""The one function that measures documents, for Spark and for `inspect`: texts in, signals, sketches, hashes and edits out."""

from functools import cache

import pyarrow as pa
import xxhash

from corpusmill.edits.registry import chosen_parts
from corpusmill.settings import Config, EditSettings, MeasureSettings
from corpusmill.signals.registry import chosen_families, families
from corpusmill.tables import Documents, Signals
from corpusmill.text.portions import portions
from corpusmill.text.sketches import SKETCH, sketch_texts
from corpusmill.text.spans import EDITS, apply_edits, merge_edits
from corpusmill.text.views import make_views


@cache
def signals_schema() -> pa.Schema:
    """The Arrow types of the `signals` table, its columns in order."""
    types: dict[str, pa.DataType] = {
        Signals.doc_id: pa.string(),
        Signals.snapshot: pa.string(),
        Signals.chunk: pa.int32(),
        Signals.text_digest: pa.binary(),
        Signals.text_hash: pa.binary(),
        Signals.sketch: SKETCH,
        Signals.edits: EDITS,
    }
    types |= {family.name: family.arrow() for family in families()}
    return pa.schema([(column, types[column]) for column in Signals.columns()])


def measure(batch: pa.RecordBatch, edits: EditSettings, settings: MeasureSettings) -> pa.RecordBatch:
    """The signals of a batch of doc_id, snapshot, chunk, text and text_digest: a row a document, in the same order.

    Works through the texts 16 MB at a time. Raises ConfigError for an edit that does not exist, ValueError for a null text.
    """
    measured = [_measure(portion, edits, settings) for portion in portions(iter([batch]), Documents.text)]
    return pa.concat_batches(measured) if measured else pa.RecordBatch.from_pylist([], schema=signals_schema())


def _measure(batch: pa.RecordBatch, edits: EditSettings, settings: MeasureSettings) -> pa.RecordBatch:
    texts = batch.column(Documents.text)
    line_parts, span_parts = chosen_parts(edits)
    views = make_views(texts, [part.find for part in line_parts], settings, [part.find for part in span_parts])
    found = merge_edits(views.line_edits, *views.span_edits)
    columns: dict[str, pa.Array] = {
        name: batch.column(name) for name in (Documents.doc_id, Documents.snapshot, Documents.chunk, Documents.text_digest)
    }
    # Before the families, which keep a text's tokens: a document of 100 MB takes 300 MB less so.
    columns |= {Signals.text_hash: hash_texts(apply_edits(texts, found)), Signals.sketch: sketch_texts(views.lines, settings)}
    chosen = sorted(chosen_families(settings.families), key=lambda family: not family.early)
    columns |= {family.name: family.measure(views) for family in chosen} | {Signals.edits: found}
    schema = signals_schema()
    columns |= {family.name: pa.nulls(len(texts), family.arrow()) for family in families() if family.name not in columns}
    return pa.RecordBatch.from_arrays([columns[field.name].cast(field.type) for field in schema], schema=schema)


def hash_texts(texts: pa.Array) -> pa.Array:
    """binary[n]: xxh3_128 of each text in UTF-8, 16 bytes in canonical (big-endian) order."""
    return pa.array([xxhash.xxh3_128_digest(text.as_buffer()) for text in texts], pa.binary())


def measure_settings(config: Config) -> MeasureSettings:
    """How a recipe's documents are measured: its settings, with the families that are measured for the sake of its rules.

    Raises ConfigError for a family that does not exist; rules check their own signals.
    """
    signals = [signal for rule in config.rules for signal in (rule.signal, *([rule.when.signal] if rule.when else ()))]
    named = {*config.measure.families, *(signal.partition(".")[0] for signal in signals)}
    chosen_families(config.measure.families)
    wanted = tuple(family.name for family in families() if not family.always and family.name in named)
    return config.measure.model_copy(update={"families": wanted})


def part_versions(edits: EditSettings, settings: MeasureSettings) -> str:
    """`name:version` of the families and edits that are chosen: what a measured slice depends on beside its settings."""
    line_parts, span_parts = chosen_parts(edits)
    versions = [(family.name, family.version) for family in chosen_families(settings.families)]
    versions += [(part.name, part.version) for part in (*line_parts, *span_parts)]
    return ",".join(f"{name}:{version}" for name, version in versions)
