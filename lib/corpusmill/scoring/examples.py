"""Examples of a classifier: rows of text and label from tables and files, sampled and split by a hash of the text, spilled for the trainer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.errors import ConfigError, InputError, TooLittleInputError
from corpusmill.ingest.files import list_files
from corpusmill.job import Run
from corpusmill.paths import absolute_path, exists, hadoop_path, join_path
from corpusmill.settings import ClassifierTrainingSettings, ExamplesSettings, SampleSettings, TableSettings
from corpusmill.tables import Corpus

CORPUS = "corpus"
"""Of ExamplesSettings.path: this store's own table."""
_HASHES = 1_000_000
_SCHEMA = pa.schema([("text", pa.string()), ("label", pa.string())])
_BLOCK_BYTES = 8_000_000


@dataclass(frozen=True)
class Split:
    """Examples in an Arrow file, in the order of their hashes: that mixes the labels, and is the same every time."""

    path: Path
    rows: int

    def blocks(self) -> Iterator[pa.RecordBatch]:
        """Batches of text and label, mapped from the file."""
        with pa.memory_map(str(self.path)) as source, pa.ipc.open_file(source) as file:
            for number in range(file.num_record_batches):
                yield file.get_batch(number)


def version_of(run: Run, examples: TableSettings) -> str:
    """What the rows are taken from, as it is now: a Delta table's version, a digest over files, of the corpus nothing (it is an input).

    Raises InputError where there is nothing.
    """
    if examples.path == CORPUS:
        return ""
    if _is_delta(examples.path):
        path = hadoop_path(absolute_path(examples.path))
        newest = run.spark.sql(f"DESCRIBE HISTORY delta.`{path}` LIMIT 1").select("version").first()
        return f"version {newest[0]}" if newest else ""
    return ",".join(f"{file.name}:{file.etag}" for file in list_files([examples.path], "auto"))


def read_examples(run: Run, training: ClassifierTrainingSettings) -> DataFrame:
    """(text, label) of all tables, without nulls and empty texts, at most about `training.most` by a hash of the text.

    Raises ConfigError where columns or labels are not as the settings say.
    """
    frames = [_labelled(run, examples) for examples in training.examples]
    return sampled(united(frames), training)


def united(frames: Sequence[DataFrame]) -> DataFrame:
    """Frames of (text, label) as one, without nulls and empty texts."""
    return reduce(DataFrame.unionByName, frames).where("label IS NOT NULL AND trim(text) <> ''")


def sampled(frame: DataFrame, training: SampleSettings) -> DataFrame:
    """At most about `training.most` of the rows, by a hash of the text."""
    share = min(1.0, training.most / max(frame.count(), 1))
    return frame.where(_hash("text", training.seed) < F.lit(int(share * _HASHES)))


def split_examples(frame: DataFrame, training: SampleSettings, folder: Path) -> tuple[Split, Split]:
    """(training, held out), spilled to `folder`. Equal texts are on the same side. Raises TooLittleInputError where a side is empty."""
    held = _hash("text", training.seed + 1) < F.lit(int(training.held_out * _HASHES))
    order = (F.xxhash64(F.lit(training.seed), F.col("text")), F.col("text"), F.col("label"))
    sides = [_spill(frame.where(side).orderBy(*order), folder / name) for name, side in (("train.arrow", ~held), ("held.arrow", held))]
    if min(side.rows for side in sides) == 0:
        raise TooLittleInputError(f"{sides[0].rows} examples to train on and {sides[1].rows} held out: give more examples")
    return sides[0], sides[1]


def _labelled(run: Run, examples: ExamplesSettings) -> DataFrame:
    if bool(examples.label) == bool(examples.label_column):
        raise ConfigError(f"examples {examples.path}: give either label, for all rows, or label_column")
    return labelled_rows(run, examples, examples.label, examples.label_column)


def labelled_rows(run: Run, table: TableSettings, label: str, label_column: str) -> DataFrame:
    """(text, label) of one table: `label` for all rows, else what the column holds. Raises ConfigError where it lacks a column."""
    frame = _rows(run, table.path)
    for column in (table.text, label_column):
        if column and column not in frame.columns:
            raise ConfigError(f"examples {table.path} have no column {column!r}: they have {', '.join(frame.columns)}")
    chosen = frame.where(table.where) if table.where else frame
    given = F.lit(label) if label else F.col(label_column)
    return chosen.select(F.col(table.text).cast("string").alias("text"), given.cast("string").alias("label"))


def _rows(run: Run, path: str) -> DataFrame:
    if path == CORPUS:
        return run.store.read(Corpus)
    if _is_delta(path):
        return run.spark.read.format("delta").load(hadoop_path(absolute_path(path)))
    files = list_files([path], "auto")
    kinds = {"parquet" if file.name.endswith((".parquet", ".parq")) else "json" for file in files}
    if len(kinds) > 1:
        raise InputError(f"examples {path}: Parquet and JSON lines together: name one kind")
    return run.spark.read.format(kinds.pop()).load([hadoop_path(absolute_path(file.path)) for file in files])


def _is_delta(path: str) -> bool:
    return exists(join_path(path, "_delta_log"))


def _hash(column: str, seed: int) -> Any:  # noqa: ANN401 - a column, of no class that classic and Connect share
    return F.pmod(F.xxhash64(F.lit(seed), F.col(column)), F.lit(_HASHES))


def _spill(frame: DataFrame, path: Path) -> Split:
    """Stream a frame's rows to an Arrow file."""
    rows = size = 0
    texts: list[str] = []
    labels: list[str] = []
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, _SCHEMA) as file:

        def flush() -> None:
            file.write_batch(pa.RecordBatch.from_arrays([pa.array(texts, pa.string()), pa.array(labels, pa.string())], schema=_SCHEMA))
            texts.clear()
            labels.clear()

        for row in frame.toLocalIterator():
            texts.append(row[0])
            labels.append(row[1])
            rows, size = rows + 1, size + len(row[0])
            if size >= _BLOCK_BYTES:
                flush()
                size = 0
        if texts:
            flush()
    return Split(path, rows)
