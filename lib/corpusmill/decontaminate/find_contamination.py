"""Decontaminate: looks for benchmark text in every document that is still in, and says which benchmark, which item and where."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import ClassVar

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame

from corpusmill.carried import Carried
from corpusmill.decontaminate.benchmarks import benchmark_digest, read_items
from corpusmill.decontaminate.detect import find_contamination
from corpusmill.decontaminate.index import SHORTEST_ITEM, BenchmarkIndex, build_index
from corpusmill.job import Input, Job, Run
from corpusmill.measure.measured_text import line_edits, measured_text
from corpusmill.paths import join_path
from corpusmill.reasons import kept
from corpusmill.settings import Config, Settings
from corpusmill.slices import Slice
from corpusmill.stage import Stage
from corpusmill.tables import Contamination, Documents, Duplicates, SemanticDuplicates, Signals, Table, Verdicts
from corpusmill.text.batch import TextBatch
from corpusmill.text.portions import portions
from corpusmill.text.spans import EditView, make_edits

_JUDGE = "judge_documents"
_SPAN = pa.struct([("start", pa.int64()), ("end", pa.int64())])


class PackedIndex(Carried):
    """A benchmark index on its way to the executors."""

    def load(self) -> BenchmarkIndex:
        """The index; read once a process."""
        return _load(self)


@lru_cache(maxsize=1)
def _load(packed: PackedIndex) -> BenchmarkIndex:
    return BenchmarkIndex.from_bytes(packed.content())


class ContaminationStage(Stage):
    """Documents still in, after their line edits, against an index. Their ids and edits reach the text as a broadcast."""

    reads: ClassVar[tuple[type[Table], ...]] = (Documents, Signals, Verdicts, Duplicates, SemanticDuplicates)
    writes: ClassVar[type[Table]] = Contamination
    index: PackedIndex
    ratio: float
    action: str

    def transform(self, *frames: DataFrame) -> DataFrame:
        """A row for each document and benchmark."""
        documents, signals, *reasoned = frames
        still_in = kept(signals, *reasoned).withColumn(Signals.edits, line_edits())
        copied = (Documents.snapshot, Documents.doc_id, Documents.chunk, Documents.text_digest)
        return measured_text(documents, still_in, copied, (Signals.edits,)).mapInArrow(self._find, Contamination.ddl())

    def _find(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        index = self.index.load()
        for batch in portions(batches, Documents.text):
            yield contaminated_rows(batch, index, self.ratio, self.action)


def contaminated_rows(batch: pa.RecordBatch, index: BenchmarkIndex, ratio: float, action: str) -> pa.RecordBatch:
    """Rows of `contamination` for documents with text and line edits; spans are in bytes of the stored text."""
    view = EditView(batch.column(Documents.text), batch.column(Signals.edits))
    found = find_contamination(TextBatch(view.texts), index, ratio)
    document = pa.array(found.document)
    # The view maps back one list a document: its benchmarks' spans together, the number of the row as their reason.
    row = np.repeat(np.arange(len(found.document)), np.diff(found.first))
    first = np.searchsorted(found.document[row], np.arange(batch.num_rows + 1)).astype(np.int64)
    raw = view.to_raw(make_edits(first, found.start, found.end, None, pa.array(row).cast(pa.string())))
    values = raw.flatten()
    spans = pa.StructArray.from_arrays([values.field("start"), values.field("end")], fields=list(_SPAN))
    columns = {
        **{
            name: batch.column(name).take(document)
            for name in (Documents.doc_id, Documents.snapshot, Documents.chunk, Documents.text_digest)
        },
        Contamination.benchmark: pa.array([index.names[b] for b in found.benchmark], pa.string()),
        Contamination.item: pa.array(found.item).cast(pa.string()),
        Contamination.hits: pa.array(found.hits, pa.int64()),
        Contamination.spans: pa.ListArray.from_arrays(pa.array(found.first, pa.int32()), spans, type=pa.list_(_SPAN)),
        Contamination.action: pa.array([action] * len(document), pa.string()),
    }
    return pa.RecordBatch.from_arrays([columns[c] for c in Contamination.columns()], names=list(Contamination.columns()))


class FindContamination(Job):
    """Replaces `contamination` chunk by chunk; without benchmarks it empties what earlier ones left, and else does nothing."""

    name = "find_contamination"
    after = "judge_documents"

    def __init__(self) -> None:
        self._digests: dict[str, str] = {}
        self._index: PackedIndex | None = None

    def check(self, config: Config) -> None:
        """Whether every benchmark's file is there and can be read."""
        for benchmark in config.contamination.benchmarks:
            read_items(benchmark)

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """The rules, and each benchmark's content. Raises InputError where a file is missing."""
        settings = run.config.contamination
        self._digests = self._digests or {f"benchmark {b.name}": benchmark_digest(b) for b in settings.benchmarks}
        return {"contamination": settings, **self._digests}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every judged chunk; without benchmarks only those that were looked at before, or were being looked at when it broke off."""
        judged, ledger = run.ledger.slices(_JUDGE), run.ledger
        if run.config.contamination.benchmarks:
            return judged
        return ledger.begun(self.name, judged)

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """The chunk's text, edits and the reasons so far."""
        return (
            Input("ingest_documents", piece),
            Input("measure_documents", piece),
            Input(_JUDGE, piece),
            Input("find_duplicates", Slice(piece.snapshot), optional=True),
            Input("find_semantic_duplicates", Slice(piece.snapshot), optional=True),
        )

    def prepare(self, run: Run, pieces: Sequence[Slice]) -> None:
        """Index the benchmarks, once for all chunks, and say which items are too short to be looked for. Raises InputError."""
        settings = run.config.contamination
        index = build_index([(benchmark.name, read_items(benchmark)) for benchmark in settings.benchmarks], settings)
        self._index = PackedIndex.pack(index.to_bytes(), join_path(run.store.files, "contamination"), ".npz")
        for name, missed in zip(index.names, index.unsearched, strict=True):
            if missed:
                run.say(f"{self.name}: {missed:,} items of {name} have fewer than {SHORTEST_ITEM} words and are not looked for")

    def work(self, run: Run, piece: Slice) -> int:
        """One commit."""
        store, settings = run.store, run.config.contamination
        if not settings.benchmarks:
            store.replace(Contamination, store.frame(Contamination, []), piece)
            return 0
        assert self._index is not None
        frames = [store.read(table, piece) for table in ContaminationStage.reads]
        stage = ContaminationStage(index=self._index, ratio=settings.ratio, action=settings.action)
        store.replace(Contamination, stage(*frames), piece)
        return store.read(Contamination, piece).count()
