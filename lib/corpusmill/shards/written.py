"""One task's shards: a sorted stream of documents in, files in place, a row for each shard and each of its documents out."""

from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import quote

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusmill.errors import StoreError
from corpusmill.files import publish_file, staging_file
from corpusmill.paths import join_path
from corpusmill.settings import Settings
from corpusmill.shards.format import ShardWriter
from corpusmill.shards.manifest import FOLDER
from corpusmill.tables import ShardDocuments, Shards, Table, Tokens


class WrittenRows(Table):
    """Rows of `shards` (path is set) and of `shard_documents` (position is set) together: both come out of one pass."""

    name = "written_rows"
    shard_id = Shards.shard_id
    snapshot = Shards.snapshot
    chunk = Shards.chunk
    path = Shards.path
    domain = Shards.domain
    documents = Shards.documents
    tokens = Shards.tokens
    dtype = Shards.dtype
    sha256 = Shards.sha256
    tokenizer = Shards.tokenizer
    corpus_version = Shards.corpus_version
    position = ShardDocuments.position
    doc_id = ShardDocuments.doc_id
    first_token = ShardDocuments.first_token
    n_tokens = ShardDocuments.n_tokens


_ARROW = {"string": pa.string(), "bigint": pa.int64(), "int": pa.int32()}
SCHEMA = pa.schema([(str(column), _ARROW[column.type]) for column in WrittenRows.columns()])
NUMBER = "number"
"""Number of the shard in its domain and chunk; comes with the tokens."""


class ShardTask(Settings):
    """Writes what one partition brings. Input columns: those of `tokens`, shard_id and number, sorted by shard_id."""

    files: str
    """store.files."""
    vocab_size: int
    corpus_version: str

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Write the shards; memory is one batch and four bytes a document. A shard that breaks off leaves nothing under a final name."""
        shard: _OpenShard | None = None
        try:
            for batch in batches:
                for run in _runs(batch):
                    if shard is not None and shard.shard_id != run.column(Shards.shard_id)[0].as_py():
                        yield shard.finish()
                        shard = None
                    shard = shard or _OpenShard(self, run)
                    yield shard.add(run)
            if shard is not None:
                yield shard.finish()
                shard = None
        finally:
            if shard is not None:
                shard.abort()


class _OpenShard:
    """The shard that is being written."""

    def __init__(self, task: ShardTask, run: pa.RecordBatch) -> None:
        self._task = task
        first = {name: run.column(name)[0].as_py() for name in run.schema.names if name != Tokens.tokens}
        self.shard_id: str = first[Shards.shard_id]
        self._first = first
        # Quoted, because a domain may come from the data; the rest of the name is ours.
        name = f"{quote(first[Tokens.domain], safe='')}-{first[NUMBER]:05d}"
        self._stem = f"{FOLDER}/{first[Tokens.snapshot]}/{first[Tokens.chunk]:05d}/{name}"
        folder = join_path(task.files, FOLDER)
        self._writer = ShardWriter(staging_file(folder), staging_file(folder), task.vocab_size)

    def add(self, run: pa.RecordBatch) -> pa.RecordBatch:
        """Append the documents of `run`; their rows of `shard_documents`."""
        tokenizers = run.column(Tokens.tokenizer).unique().to_pylist()
        if tokenizers != [self._first[Tokens.tokenizer]]:
            raise StoreError(f"shard {self.shard_id} has tokens of two tokenizers: run encode_corpus again")
        position, first = self._writer.documents, self._writer.tokens
        tokens, lengths = _flat(run.column(Tokens.tokens))
        self._writer.add(tokens, lengths)
        starts = first + np.cumsum(lengths) - lengths
        return self._rows(
            len(lengths),
            {
                ShardDocuments.position: pa.array(np.arange(position, position + len(lengths))),
                ShardDocuments.doc_id: run.column(Tokens.doc_id),
                ShardDocuments.first_token: pa.array(starts),
                ShardDocuments.n_tokens: pa.array(lengths),
            },
        )

    def finish(self) -> pa.RecordBatch:
        """Close the files, name them by their content, and give the row of `shards`.

        A trainer may be reading what an earlier run wrote under the same shard_id; another content has another name.
        """
        written = self._writer.close()
        path = f"{self._stem}-{written.sha256[:16]}"
        publish_file(written.bin, join_path(self._task.files, f"{path}.bin"))
        publish_file(written.idx, join_path(self._task.files, f"{path}.idx"))
        values = {
            Shards.path: path,
            Shards.domain: self._first[Tokens.domain],
            Shards.documents: written.documents,
            Shards.tokens: written.tokens,
            Shards.dtype: self._writer.dtype,
            Shards.sha256: written.sha256,
            Shards.tokenizer: self._first[Tokens.tokenizer],
            Shards.corpus_version: self._task.corpus_version,
        }
        return self._rows(1, {name: pa.array([value]) for name, value in values.items()})

    def abort(self) -> None:
        """Remove the files written so far."""
        self._writer.abort()

    def _rows(self, count: int, values: dict[str, pa.Array]) -> pa.RecordBatch:
        """A batch of all columns: the shard's key, `values`, and nulls."""
        key: dict[str, pa.Array] = {
            name: pa.array([self._first[name]] * count) for name in (Shards.shard_id, Shards.snapshot, Shards.chunk)
        }
        given = {**key, **values}
        arrays = [given[f.name].cast(f.type) if f.name in given else pa.nulls(count, f.type) for f in SCHEMA]
        return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def _runs(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Cut a batch where shard_id changes."""
    if batch.num_rows == 0:
        return
    codes = batch.column(Shards.shard_id).dictionary_encode().indices.to_numpy(zero_copy_only=False)
    cuts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), batch.num_rows]
    for start, end in pairwise(cuts):
        yield batch.slice(start, end - start)


def _flat(tokens: pa.ListArray) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """All ids one after the other, and the length of each list."""
    offsets = tokens.offsets.to_numpy()
    return tokens.flatten().to_numpy(zero_copy_only=False), np.diff(offsets).astype(np.int64)
