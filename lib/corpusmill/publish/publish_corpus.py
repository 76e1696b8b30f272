"""Publish: the documents of a chunk that have no reason, with their edits applied, are its corpus."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.job import Input, Job, Run
from corpusmill.measure.measured_text import measured_text
from corpusmill.reasons import dropping, kept
from corpusmill.settings import Settings
from corpusmill.slices import Slice
from corpusmill.stage import Stage
from corpusmill.tables import Contamination, Corpus, Documents, Duplicates, Exclusions, SemanticDuplicates, Signals, Table, Verdicts
from corpusmill.text.portions import portions
from corpusmill.text.spans import apply_edits

_JUDGE = "judge_documents"
_LANGUAGE = "language.code"
_COPIED = (Corpus.doc_id, Corpus.snapshot, Corpus.chunk, Corpus.source, Corpus.domain, Corpus.url)


class PublishStage(Stage):
    """Documents that nothing gives a reason against, edited. Empty ones are left out: `ExcludeStage` names them.

    The kept ids and their edits are narrow and reach the text as the broadcast side of a join, so that no text is shuffled.
    """

    reads: ClassVar[tuple[type[Table], ...]] = (Documents, Signals, Verdicts, Duplicates, SemanticDuplicates, Contamination)
    writes: ClassVar[type[Table]] = Corpus

    def transform(self, *frames: DataFrame) -> DataFrame:
        """Fails where a document was measured but not judged, or has changed since it was measured."""
        documents, *narrow = frames
        still_in = _kept(*narrow).withColumn(Corpus.lang, F.col(_LANGUAGE))
        return measured_text(documents, still_in, _COPIED, (Signals.edits, Corpus.lang)).mapInArrow(_edited, Corpus.ddl())


class ExcludeStage(Stage):
    """The documents that nothing gives a reason against and that the corpus does not have: their edits left no text."""

    reads: ClassVar[tuple[type[Table], ...]] = (Signals, Verdicts, Duplicates, SemanticDuplicates, Contamination, Corpus)
    writes: ClassVar[type[Table]] = Exclusions

    def transform(self, *frames: DataFrame) -> DataFrame:
        """Narrow: ids alone."""
        empty = _kept(*frames)
        reason, none = F.lit("empty_after_edits").alias(Exclusions.reason), F.lit(None).cast("string").alias(Exclusions.duplicate_of)
        return empty.select(Exclusions.doc_id, Exclusions.snapshot, Exclusions.chunk, reason, none)


class PublishCorpus(Job):
    """Replaces `corpus` and `exclusions` chunk by chunk."""

    name = "publish_corpus"
    after = "judge_documents"

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """None of its own: what is in and how it is edited was decided before."""
        return {}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every judged chunk."""
        return run.ledger.slices(_JUDGE)

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """The chunk's text, signals and reasons."""
        return (
            Input("ingest_documents", piece),
            Input("measure_documents", piece),
            Input(_JUDGE, piece),
            Input("find_duplicates", Slice(piece.snapshot), optional=True),
            Input("find_semantic_duplicates", Slice(piece.snapshot), optional=True),
            Input("find_contamination", piece, optional=True),
        )

    def work(self, run: Run, piece: Slice) -> int:
        """The corpus first, then what it left out; a run that broke off between the two is not done and does both again."""
        store = run.store
        narrow = [store.read(table, piece) for table in (Signals, Verdicts, Duplicates, SemanticDuplicates, Contamination)]
        store.replace(Corpus, PublishStage()(store.read(Documents, piece), *narrow), piece)
        corpus = store.read(Corpus, piece)
        store.replace(Exclusions, ExcludeStage()(*narrow, corpus), piece)
        return corpus.count()


def _kept(
    signals: DataFrame, verdicts: DataFrame, duplicates: DataFrame, semantic: DataFrame, contamination: DataFrame, *others: DataFrame
) -> DataFrame:  # fmt: skip
    return kept(signals, verdicts, duplicates, semantic, dropping(contamination), *others)


def _edited(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Apply each document's edits; texts that come out empty are left out."""
    for batch in portions(batches, Documents.text):
        texts = apply_edits(batch.column(Documents.text), batch.column(Signals.edits))
        columns = {
            **{name: batch.column(name) for name in (*_COPIED, Corpus.lang)},
            Corpus.text: texts,
            Corpus.characters: pc.utf8_length(texts).cast(pa.int64()),
        }
        edited = pa.RecordBatch.from_arrays([columns[c] for c in Corpus.columns()], names=list(Corpus.columns()))
        yield edited.filter(pc.not_equal(edited.column(Corpus.characters), 0))
