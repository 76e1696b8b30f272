"""Publish: the documents of a chunk that have no reason, with their edits applied, are its corpus."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.dedup.document_keys import document_key
from corpusmill.job import Input, Job, Run
from corpusmill.measure.measured_text import measured_text
from corpusmill.publish.all_edits import with_all_edits
from corpusmill.publish.equal_texts import EqualTexts, PublishedTexts, equal_texts, published_texts
from corpusmill.reasons import dropping, kept
from corpusmill.settings import Settings
from corpusmill.slices import Slice
from corpusmill.stage import Stage
from corpusmill.tables import (
    Contamination,
    Corpus,
    Documents,
    Duplicates,
    Exclusions,
    Passages,
    SemanticDuplicates,
    Signals,
    Table,
    Verdicts,
)
from corpusmill.text.portions import portions
from corpusmill.text.spans import apply_edits

_JUDGE = "judge_documents"
_PASSAGES = "find_passages"
_LANGUAGE = "language.code"
_NARROW = (Signals, Verdicts, Duplicates, SemanticDuplicates, Contamination)
_COPIED = (Corpus.doc_id, Corpus.snapshot, Corpus.chunk, Corpus.source, Corpus.domain, Corpus.url)


class PublishStage(Stage):
    """Documents that nothing gives a reason against, edited. Empty ones are left out: `ExcludeStage` names them.

    The kept ids and their edits are narrow and reach the text as the broadcast side of a join, so that no text is shuffled.
    """

    reads: ClassVar[tuple[type[Table], ...]] = (Documents, *_NARROW, Passages, EqualTexts)
    writes: ClassVar[type[Table]] = Corpus

    def transform(self, *frames: DataFrame) -> DataFrame:
        """Fails where a document was measured but not judged, or has changed since it was measured."""
        documents, signals, *reasoned, passages, equal = frames
        still_in = _kept(signals, *reasoned, equal).withColumn(Corpus.lang, F.col(_LANGUAGE))
        return measured_text(documents, with_all_edits(still_in, passages), _COPIED, (Signals.edits, Corpus.lang)).mapInArrow(
            _edited, Corpus.ddl()
        )


class ExcludeStage(Stage):
    """The documents that nothing gives a reason against and that the corpus does not have: their edits left no text, or another one's."""

    reads: ClassVar[tuple[type[Table], ...]] = (*_NARROW, EqualTexts, Corpus)
    writes: ClassVar[type[Table]] = Exclusions

    def transform(self, *frames: DataFrame) -> DataFrame:
        """Narrow: ids alone."""
        *narrow, equal, corpus = frames
        empty = _kept(*narrow, equal, corpus).withColumn(EqualTexts.duplicate_of, F.lit(None).cast("string"))
        return _excluded(empty, "empty_after_edits").unionByName(_excluded(equal, "duplicate_after_edits"))


class PublishCorpus(Job):
    """Replaces `corpus` and `exclusions` chunk by chunk."""

    name = "publish_corpus"
    after = "judge_documents"

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """None of its own but the order of documents, where passages are cut out of them: what is in and how it is edited was decided before."""
        return {"order": " ".join(run.config.dedup.order)} if _cuts_passages(run) else {}

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
            Input(_PASSAGES, piece, optional=True),
        )

    def prepare(self, run: Run, pieces: Sequence[Slice]) -> None:
        """Where passages are cut out anywhere, see which texts of all chunks are equal then."""
        store, scratch = run.store, run.store.scratch(self.name)
        scratch.drop()
        if store.read(Passages).isEmpty():
            return
        for number, piece in enumerate(run.ledger.slices(_JUDGE)):
            still_in = _kept(*(store.read(table, piece) for table in _NARROW))
            found = published_texts(store.read(Documents, piece), still_in, store.read(Passages, piece), document_key(run))
            scratch.write(PublishedTexts.name, found, append=number > 0)
        # A chunk's rows together, so that reading them passes over the files of others.
        equal = equal_texts(scratch.read(PublishedTexts.name)).repartition(EqualTexts.snapshot, EqualTexts.chunk)
        scratch.write(EqualTexts.name, equal)

    def work(self, run: Run, piece: Slice) -> int:
        """The corpus first, then what it left out; a run that broke off between the two is not done and does both again."""
        store, scratch = run.store, run.store.scratch(self.name)
        narrow = [store.read(table, piece) for table in _NARROW]
        found = scratch.has(EqualTexts.name)
        equal = scratch.read(EqualTexts.name).where(piece.predicate()) if found else store.frame(EqualTexts, [])
        store.replace(Corpus, PublishStage()(store.read(Documents, piece), *narrow, store.read(Passages, piece), equal), piece)
        corpus = store.read(Corpus, piece)
        store.replace(Exclusions, ExcludeStage()(*narrow, equal, corpus), piece)
        return corpus.count()

    def finish(self, run: Run) -> None:
        """Drop the scratch tables, also those of a run that broke off."""
        run.store.scratch(self.name).drop()


def _cuts_passages(run: Run) -> bool:
    """Whether find_passages was last run for any kind."""
    made = (run.ledger.settings(_PASSAGES, piece) for piece in run.ledger.slices(_PASSAGES))
    return any(settings.get("passages", {}).get("kinds") for settings in made)


def _excluded(documents: DataFrame, reason: str) -> DataFrame:
    columns = (Exclusions.doc_id, Exclusions.snapshot, Exclusions.chunk, F.lit(reason).alias(Exclusions.reason), Exclusions.duplicate_of)
    return documents.select(*columns)


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
