"""The cascade on Spark: narrow columns that say what the cheap rules think, brought to the text, and models applied in Arrow batches."""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.measure.measured_text import measured_text
from corpusmill.rules.columns import applies_column, first_failure
from corpusmill.scoring.cascade import Candidates, Cascade, Scored, run_cascade
from corpusmill.scoring.models import CurrentModel, local_model
from corpusmill.scoring.scorer import Scorer, open_scorer
from corpusmill.signals.scored import scored_struct
from corpusmill.tables import Documents, Signals
from corpusmill.text.portions import portions

_UNTIL, _APPLIES, _LANGUAGE = "until", "applies", "language_code"
COST, COUNT = "seconds", "documents"
"""Columns `seconds_<name>` and `documents_<name>` hold what a batch cost, in its first row."""
_KEY = (Signals.doc_id, Signals.snapshot, Signals.chunk, Signals.text_digest)


def candidates(signals: DataFrame, cascade: Cascade) -> DataFrame:
    """The documents that some model sees, each with the number of the first cheap rule that fails, and which rules on scores apply."""
    numbers = cascade.scored_rules()
    applies = F.array(*(applies_column(cascade.rules[number]) for number in numbers)) if numbers else F.array().cast("array<boolean>")
    known = [settings.name for settings in cascade.order]
    language = F.col("language.code").alias(_LANGUAGE)
    narrow = signals.select(*_KEY, first_failure(cascade.rules).cast("bigint").alias(_UNTIL), applies.alias(_APPLIES), language, *known)
    first = min(cascade.first_rule(settings.name) for settings in cascade.order)
    return narrow.where(F.col(_UNTIL) >= F.lit(first))


def score_frame(documents: DataFrame, chosen: DataFrame, cascade: Cascade, models: Mapping[str, CurrentModel]) -> DataFrame:
    """A row a candidate: its key, a struct a score (null where it did not reach the model), and the costs."""

    def score_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        scorers = {settings.name: open_scorer(settings, local_model(models[settings.name])) for settings in cascade.order}
        for batch in portions(batches, Documents.text):
            yield _scored(batch, cascade, scorers)

    names = [settings.name for settings in cascade.order]
    copied = (Documents.doc_id, Documents.snapshot, Documents.chunk, Documents.text_digest)
    columns = [f"`{column}` {column.type}" for column in copied]
    columns += [f"`{settings.name}` {scored_struct(settings).ddl()}" for settings in cascade.order]
    columns += [f"`{COST}_{name}` double, `{COUNT}_{name}` bigint" for name in names]
    texts = measured_text(documents, chosen, copied, (_UNTIL, _APPLIES, _LANGUAGE, *names))
    return texts.mapInArrow(score_batches, ", ".join(columns))


def _scored(batch: pa.RecordBatch, cascade: Cascade, scorers: Mapping[str, Scorer]) -> pa.RecordBatch:
    applies = batch.column(_APPLIES)
    flags = applies.flatten().to_numpy(zero_copy_only=False).astype(bool).reshape(batch.num_rows, len(cascade.scored_rules()))
    known = {settings.name: batch.column(settings.name).cast(scored_struct(settings).arrow()) for settings in cascade.order}
    documents = Candidates(batch.column(Documents.text), batch.column(_LANGUAGE), batch.column(_UNTIL).to_numpy(), flags, known)
    found = run_cascade(cascade, scorers, documents)
    columns = {str(name): batch.column(name) for name in _KEY} | {name: scored.values for name, scored in found.items()}
    for name, scored in found.items():
        columns |= _costs(name, scored, batch.num_rows)
    return pa.RecordBatch.from_pydict(columns)


def _costs(name: str, scored: Scored, rows: int) -> dict[str, pa.Array]:
    seconds, documents = np.zeros(rows), np.zeros(rows, np.int64)
    seconds[:1], documents[:1] = scored.seconds, scored.scored
    return {f"{COST}_{name}": pa.array(seconds), f"{COUNT}_{name}": pa.array(documents)}
