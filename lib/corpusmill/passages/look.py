"""The two looks at the texts of a chunk: at the screens of all passages, and at those passages whose screen occurs more than once."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from corpusmill.bit_filter import BitFilter
from corpusmill.measure.measured_text import line_edits, measured_text
from corpusmill.passages.frames import Candidates, LookedAt, Screens
from corpusmill.passages.units import KINDS, Units, find_units, screens
from corpusmill.reasons import dropping, kept
from corpusmill.settings import PassageSettings
from corpusmill.settings.passages import Kind
from corpusmill.stage import Stage
from corpusmill.tables import Documents, Table
from corpusmill.text.batch import TextBatch
from corpusmill.text.portions import portions
from corpusmill.text.spans import EditView, make_edits

_PORTION_BYTES = 4_000_000
"""Up to 110 bytes a token are kept, and of hostile text every byte is a token: so a worker stays far below the serverless limit of 1 GB."""


def looked_at(
    key: Column, signals: DataFrame, verdicts: DataFrame, duplicates: DataFrame, semantic: DataFrame, contamination: DataFrame
) -> DataFrame:  # fmt: skip
    """`LookedAt` of a chunk: the documents that are still in. `key` is made of columns of signals."""
    still_in = kept(signals.withColumn(LookedAt.key, key), verdicts, duplicates, semantic, dropping(contamination))
    return still_in.withColumn(LookedAt.edits, line_edits()).select(*LookedAt.columns())


class ScreenStage(Stage):
    """The screens of a chunk's passages. What is looked at is narrow and reaches the text as a broadcast."""

    reads: ClassVar[tuple[type[Table], ...]] = (Documents, LookedAt)
    writes: ClassVar[type[Table]] = Screens
    settings: PassageSettings

    def transform(self, *frames: DataFrame) -> DataFrame:
        """A row a screen."""
        return _texts(*frames).mapInArrow(self._find, Screens.ddl())

    def _find(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        kinds = [kind for kind in KINDS if kind in self.settings.kinds]
        for batch in portions(batches, Documents.text, _PORTION_BYTES):
            view = EditView(batch.column(Documents.text), batch.column(LookedAt.edits))
            found = screens(TextBatch(view.texts), kinds, self.settings)
            yield pa.RecordBatch.from_arrays([pa.array(found.view(np.int64))], names=list(Screens.columns()))


class CandidateStage(Stage):
    """A chunk's passages whose screen the filter has."""

    reads: ClassVar[tuple[type[Table], ...]] = (Documents, LookedAt)
    writes: ClassVar[type[Table]] = Candidates
    settings: PassageSettings
    screen: BitFilter

    def transform(self, *frames: DataFrame) -> DataFrame:
        """A row a passage, of stretches of tokens one for each token that begins one."""
        return _texts(*frames).mapInArrow(self._find, Candidates.ddl())

    def _find(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in portions(batches, Documents.text, _PORTION_BYTES):
            view = EditView(batch.column(Documents.text), batch.column(LookedAt.edits))
            texts = TextBatch(view.texts)
            for kind in KINDS:
                if kind in self.settings.kinds:
                    units = find_units(texts, kind, self.settings)
                    yield _candidates(batch.column(LookedAt.key), view, kind, units.where(self.screen.contains(units.screen)))


def _texts(documents: DataFrame, looked: DataFrame) -> DataFrame:
    return measured_text(documents, looked, (Documents.snapshot, Documents.doc_id), (LookedAt.edits, LookedAt.key)).select(
        Documents.text, F.col(LookedAt.edits), F.col(LookedAt.key)
    )


def _candidates(keys: pa.Array, view: EditView, kind: Kind, units: Units) -> pa.RecordBatch:
    """Rows of `Candidates`; places are those of the stored text."""
    first = np.searchsorted(units.document, np.arange(len(keys) + 1)).astype(np.int64)
    raw = view.to_raw(make_edits(first, units.start, units.end, None, "")).flatten()
    columns = {
        Candidates.hash: pa.array(units.hash.view(np.int64)),
        Candidates.second: pa.array(units.second.view(np.int64)),
        Candidates.key: keys.take(pa.array(units.document)),
        Candidates.kind: pa.array(np.full(len(units.document), KINDS.index(kind), np.int32)),
        Candidates.start: raw.field("start"),
        Candidates.end: raw.field("end"),
    }
    return pa.RecordBatch.from_arrays([columns[c] for c in Candidates.columns()], names=list(Candidates.columns()))
