"""Snapshots of documents that are sketches alone, made as rows of `signals` and judged, for deduplication at sizes and skews that no crawl has.

One document is ingested and measured, and its signals are then replaced by as many made rows as are wanted: the ledger takes that for measured.
usage: made_sketches.py FOLDER SHAPE DOCUMENTS...
"""

import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from corpusmill.cli import parse_arguments
from corpusmill.job import Run
from corpusmill.jobs import make_job
from corpusmill.ledger import Ledger
from corpusmill.pipeline import open_run, run_job
from corpusmill.settings import MeasureSettings
from corpusmill.slices import Slice
from corpusmill.tables import Signals
from pyspark.sql import functions as F

Shape = Literal["bucket", "band", "growing"]
"""`bucket`: all are near-identical pages. `band`: all share one band and nothing else, far below any threshold. `growing`: three in ten are
near copies of some earlier document, of any snapshot."""
BANDS, ROWS = MeasureSettings().bands, MeasureSettings().rows
MADE = "made"
"""The snapshot that main makes."""
_NOISE = {"bucket": 5, "band": 100, "growing": 8}
"""Per cent of a copy's values that are its own."""
_COPIES = 3
"""Of ten documents of `growing`."""
_SEEDS = {"content": 1, "own": 2, "noise": 3, "copy": 4, "target": 5, "band": 6}
_SCHEMA = "doc_id string, text_hash binary, values binary, bands array<bigint>"
Hashes = npt.NDArray[np.uint64]


def mix(values: Hashes, seed: str) -> Hashes:
    """A hash of each value (splitmix64: Steele, Lea and Flood, OOPSLA 2014)."""
    x = (values + np.uint64(_SEEDS[seed] * 0xD1B54A32D192ED03 % 2**64)) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def sketch_values(numbers: Hashes, shape: Shape) -> Hashes:
    """uint64[n, BANDS * ROWS], a function of each document's number alone; no two documents have equal sketches."""
    places = np.arange(BANDS * ROWS, dtype=np.uint64)
    at = numbers[:, None] * np.uint64(BANDS * ROWS) + places
    noise = mix(at, "noise") % np.uint64(100) < np.uint64(_NOISE[shape])
    if shape == "growing":
        content = _originals(numbers)
        is_copy = content != numbers
        noise &= is_copy[:, None]
        # Of a copy at least one value is its own.
        noise |= is_copy[:, None] & (places == (numbers % np.uint64(len(places)))[:, None])
    else:
        content = np.zeros_like(numbers)
        noise |= places == (np.uint64(ROWS) + numbers % np.uint64(len(places) - ROWS))[:, None]
        noise[:, :ROWS] = False
    return np.where(noise, mix(at, "own"), mix(content[:, None] * np.uint64(BANDS * ROWS) + places, "content"))


def _originals(numbers: Hashes) -> Hashes:
    """The number of the earlier document that each one is a copy of, or its own; number 0 is an original."""
    content = numbers.copy()
    while True:
        is_copy = (mix(content, "copy") % np.uint64(10) < np.uint64(_COPIES)) & (content > 0)
        if not is_copy.any():
            return content
        content[is_copy] = mix(content[is_copy], "target") % content[is_copy]


def band_hashes(values: Hashes) -> npt.NDArray[np.int64]:
    """int64[n, BANDS]: equal where all values of a band are."""
    banded = values.reshape(-1, BANDS, ROWS)
    found = np.zeros(banded.shape[:2], np.uint64)
    for row in range(ROWS):
        found = mix(found ^ banded[:, :, row], "band")
    return found.view(np.int64)


def made_rows(batches: Iterator[pa.RecordBatch], shape: Shape) -> Iterator[pa.RecordBatch]:
    """Rows of _SCHEMA for the numbers in the column `id`."""
    for batch in batches:
        numbers = batch.column("id").to_numpy().astype(np.uint64)
        values = sketch_values(numbers, shape)
        bands = band_hashes(values)
        ids = np.stack([mix(numbers, "own"), numbers], axis=1).astype(">u8")
        names = [row.tobytes().hex() for row in ids]
        offsets = pa.array(np.arange(len(numbers) + 1) * BANDS, pa.int32())
        columns = [
            pa.array(names, pa.string()),
            pa.array([row.tobytes() for row in ids], pa.binary()),
            pa.array([row.tobytes() for row in values.astype("<u8")], pa.binary()),
            pa.ListArray.from_arrays(offsets, pa.array(bands.reshape(-1))),
        ]
        yield pa.RecordBatch.from_arrays(columns, names=["doc_id", "text_hash", "values", "bands"])


def words_for(root: Path, snapshot: str) -> list[str]:
    """Arguments of every job on the made store, for this snapshot."""
    return [f"store.root={root}", f"ingest.paths={root.parent / f'{snapshot}.jsonl'}", f"ingest.snapshot={snapshot}"]


def make_snapshot(run: Run, root: Path, shape: Shape, documents: int, first: int = 0) -> None:
    """Ingest, measure and judge a snapshot of documents numbered from `first` on. `run` has the settings of words_for."""
    snapshot = run.config.ingest.snapshot
    line = {"id": snapshot, "text": "A page of more words than the five of one shingle."}
    (root.parent / f"{snapshot}.jsonl").write_text(json.dumps(line) + "\n")
    for name in ("ingest_documents", "measure_documents"):
        run_job(make_job(name), run)
    piece = Slice(snapshot, 0)
    made = run.spark.range(first, first + documents).mapInArrow(partial(made_rows, shape=shape), _SCHEMA)
    replaced = [Signals.doc_id, Signals.text_hash, Signals.sketch]
    # All else that a row holds is the measured document's.
    template = F.broadcast(run.store.read(Signals, piece).drop(*replaced))
    sketch = F.struct(F.col("values"), F.col("bands")).alias(Signals.sketch)
    run.store.replace(Signals, made.select(Signals.doc_id, Signals.text_hash, sketch).crossJoin(template), piece)
    run_job(make_job("judge_documents"), Run(run.spark, run.store, run.config, Ledger(run.store), run.say))


def main() -> None:
    """Make a store for each number of documents, FOLDER/DOCUMENTS/store, with the snapshot `made`."""
    folder, shape = Path(sys.argv[1]), sys.argv[2]
    (wanted,) = (known for known in get_args(Shape) if known == shape)
    for documents in map(int, sys.argv[3:]):
        root = folder / str(documents) / "store"
        root.parent.mkdir(parents=True)
        run = open_run("made_sketches", parse_arguments(words_for(root, MADE)), print)
        make_snapshot(run, root, wanted, documents)


if __name__ == "__main__":
    main()
