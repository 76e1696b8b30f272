"""Embed: a vector of each document that is still in after find_duplicates, of the beginning of its text as embedding scores take it."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import ClassVar

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.errors import InputError
from corpusmill.job import Input, Job, Run
from corpusmill.measure.measured_text import measured_text
from corpusmill.reasons import kept
from corpusmill.scoring.embedders import Embedder, embedder_digest, open_embedder, require_embedder
from corpusmill.semantic.vectors import from_vectors, unit
from corpusmill.settings import Config, SemanticSettings, Settings
from corpusmill.slices import Slice
from corpusmill.stage import Stage
from corpusmill.tables import Documents, Duplicates, Embeddings, Signals, Table, Verdicts, names
from corpusmill.text.portions import portions

_JUDGE = "judge_documents"
_COPIED = (Documents.doc_id, Documents.snapshot, Documents.chunk, Documents.text_digest)
_KEY = names(Embeddings.snapshot, Embeddings.doc_id, Embeddings.text_digest)


class EmbedStage(Stage):
    """Vectors of the documents still in. Those that the same model has made of the same text before are taken over.

    Their ids reach the text as a broadcast. A document without tokens has no direction and gets no row: it repeats nothing. A transformer's
    vectors depend in their last digits on the texts that are padded together with it.
    """

    reads: ClassVar[tuple[type[Table], ...]] = (Documents, Signals, Verdicts, Duplicates, Embeddings)
    writes: ClassVar[type[Table]] = Embeddings
    embedder: str
    tokens: int
    model: str
    """As `model_digest` gives it."""

    def transform(self, *frames: DataFrame) -> DataFrame:
        """The fifth frame is what the table holds so far."""
        documents, signals, verdicts, duplicates, made = frames
        still_in = kept(signals.select(*_COPIED), verdicts, duplicates)
        known = made.where(F.col(Embeddings.model) == self.model).join(still_in.select(*_KEY), on=_KEY, how="left_semi")
        missing = still_in.join(known.select(*_KEY), on=_KEY, how="left_anti")
        embedded = measured_text(documents, missing, _COPIED, ()).mapInArrow(self._embed, Embeddings.ddl())
        return known.select(*Embeddings.columns()).unionByName(embedded)

    def _embed(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        embedder: Embedder | None = None
        for batch in portions(batches, Documents.text):
            embedder = embedder or _opened(self.embedder, self.tokens, self.model)
            yield embedded_rows(batch, embedder, self.tokens, self.model)


@lru_cache(maxsize=1)
def _opened(name: str, tokens: int, model: str) -> Embedder:
    """Raises InputError where this machine has another embedder under the name than the driver."""
    opened = open_embedder(name)
    if _digest(opened.sha256, tokens) != model:
        raise InputError(f"embedder {name} is another one on this machine than on the driver: put the same folder on every machine")
    return opened


def embedded_rows(batch: pa.RecordBatch, embedder: Embedder, tokens: int, model: str) -> pa.RecordBatch:
    """Rows of `embeddings` of documents with text, without those that have no direction."""
    vectors, rows = unit(embedder.embed(batch.column(Documents.text).to_pylist(), tokens))
    copied = [batch.column(name).take(pa.array(rows)) for name in _COPIED]
    columns = [*copied, pa.array([model] * len(rows), pa.string()), from_vectors(vectors)]
    return pa.RecordBatch.from_arrays(columns, names=list(map(str, Embeddings.columns())))


@lru_cache(maxsize=4)
def model_digest(name: str, tokens: int) -> str:
    """What `embeddings.model` holds: sha256 of the embedder's own and of how much it looks at; `off` without one. Files are read once."""
    return _digest(embedder_digest(name), tokens) if name else "off"


def _digest(sha256: str, tokens: int) -> str:
    return hashlib.sha256(f"{sha256} {tokens}".encode()).hexdigest()


def check_embedder(settings: SemanticSettings) -> None:
    """Raises ConfigError or InputError where there is an embedder named and it cannot be used."""
    if settings.embedder:
        require_embedder(settings.embedder)


class EmbedDocuments(Job):
    """Replaces `embeddings` chunk by chunk; without an embedder it empties what earlier runs left, and else does nothing."""

    name = "embed_documents"
    after = _JUDGE

    def check(self, config: Config) -> None:
        """Whether the embedder is there."""
        check_embedder(config.semantic)

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """The embedder's digest, wherever its folder is."""
        return {"embedder": model_digest(run.config.semantic.embedder, run.config.semantic.tokens)}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every judged chunk; without an embedder only those that were embedded before, or were being embedded when it broke off."""
        judged, ledger = run.ledger.slices(_JUDGE), run.ledger
        if run.config.semantic.embedder:
            return judged
        return ledger.begun(self.name, judged)

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """The chunk's text and the reasons so far."""
        return (
            Input("ingest_documents", piece),
            Input("measure_documents", piece),
            Input(_JUDGE, piece),
            Input("find_duplicates", Slice(piece.snapshot), optional=True),
        )

    def prepare(self, run: Run, pieces: Sequence[Slice]) -> None:
        """Load the embedder here once, so that one that cannot be used is said before any text is read."""
        if run.config.semantic.embedder:
            open_embedder(run.config.semantic.embedder)

    def work(self, run: Run, piece: Slice) -> int:
        """One commit."""
        store, settings = run.store, run.config.semantic
        if not settings.embedder:
            store.replace(Embeddings, store.frame(Embeddings, []), piece)
            return 0
        model = model_digest(settings.embedder, settings.tokens)
        stage = EmbedStage(embedder=settings.embedder, tokens=settings.tokens, model=model)
        store.replace(Embeddings, stage(*(store.read(table, piece) for table in EmbedStage.reads)), piece)
        return store.read(Embeddings, piece).count()
