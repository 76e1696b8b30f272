"""Measure: all signals, the sketch and the edits of every document, in one pass over its text."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.edits.registry import chosen_parts
from corpusmill.job import Input, Job, Run
from corpusmill.settings import Config, EditSettings, MeasureSettings, Settings
from corpusmill.slices import Slice
from corpusmill.stage import Stage
from corpusmill.tables import Documents, Signals, Table
from corpusmill.text.measure import measure, measure_settings, part_versions

_INGEST = "ingest_documents"


class MeasureStage(Stage):
    """Signals for every document."""

    reads: ClassVar[tuple[type[Table], ...]] = (Documents,)
    writes: ClassVar[type[Table]] = Signals

    edits: EditSettings = EditSettings()
    measure: MeasureSettings = MeasureSettings()

    def transform(self, *frames: DataFrame) -> DataFrame:
        """Narrow: one Arrow pass over the five columns it needs."""
        (documents,) = frames
        edits, settings = self.edits, self.measure

        def measure_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            return (measure(batch, edits, settings) for batch in batches)

        needed = (Documents.doc_id, Documents.snapshot, Documents.chunk, Documents.text, Documents.text_digest)
        schema = ", ".join(f"`{column}` {column.type}" for column in Signals.columns())
        return documents.select(*(F.col(column) for column in needed)).mapInArrow(measure_batches, schema)


class MeasureDocuments(Job):
    """Replaces `signals` chunk by chunk."""

    name = "measure_documents"
    after = "ingest_documents"

    def check(self, config: Config) -> None:
        """Whether every edit and signal family exists."""
        chosen_parts(config.edits)
        measure_settings(config)

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """The edits and the sketch, and the versions of everything that measures. Raises ConfigError for an edit that does not exist."""
        edits, settings = run.config.edits, measure_settings(run.config)
        return {"edits": edits, "measure": settings, "parts": part_versions(edits, settings)}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every ingested chunk."""
        return run.ledger.slices(_INGEST)

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """The chunk's documents."""
        return (Input(_INGEST, piece),)

    def work(self, run: Run, piece: Slice) -> int:
        """One commit."""
        stage = MeasureStage(edits=run.config.edits, measure=measure_settings(run.config))
        run.store.replace(Signals, stage(run.store.read(Documents, piece)), piece)
        return run.store.read(Signals, piece).count()
