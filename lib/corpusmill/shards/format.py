r"""Megatron's indexed data set: `.bin` holds token ids alone, `.idx` says where each document's are; one sequence a document.

Layout after megatron/core/datasets/indexed_dataset.py, little-endian: 9 bytes `MMIDIDX\0\0`, u64 version 1, u8 type, u64 sequences n,
u64 length of the last array, int32[n] lengths, int64[n] byte pointers, int64[documents + 1] first sequence of each document and n.
"""

import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusmill.errors import StoreError

MAGIC = b"MMIDIDX\x00\x00"
VERSION = 1
_HEADER = struct.Struct("<9sQBQQ")
_CODES = {"uint16": 8, "int32": 4}
_NARROW_VOCABULARY = 65_500
"""Megatron's DType.optimal_dtype: uint16 below it. GPTDatasetConfig takes 65,536 instead; readers here trust the file's own code."""


def dtype_of(vocab_size: int) -> str:
    """The type that holds every id below `vocab_size`: uint16 if it is below 65,500, else int32."""
    return "uint16" if vocab_size < _NARROW_VOCABULARY else "int32"


def index_bytes(lengths: NDArray[Any], dtype: str) -> bytes:
    """The `.idx` of documents of these lengths in tokens: 42 + 20 n bytes. Pointers are int64, so that shards may pass 2 GB."""
    count = len(lengths)
    size = np.dtype(dtype).itemsize
    pointers = np.zeros(count, "<i8")
    np.cumsum(lengths[:-1], dtype=np.int64, out=pointers[1:])
    header = _HEADER.pack(MAGIC, VERSION, _CODES[dtype], count, count + 1)
    documents = np.arange(count + 1, dtype="<i8")
    return b"".join((header, lengths.astype("<i4").tobytes(), (pointers * size).tobytes(), documents.tobytes()))


@dataclass(frozen=True)
class ShardIndex:
    """A parsed `.idx`: type name, int32[n] lengths in tokens, int64[n] pointers in bytes. Arrays may be views of the file's memory."""

    dtype: str
    lengths: NDArray[np.int32]
    pointers: NDArray[np.int64]

    @property
    def tokens(self) -> int:
        """All tokens of the shard."""
        return int(self.lengths.sum(dtype=np.int64))


def parse_index(data: bytes | memoryview, name: str) -> ShardIndex:
    """Read an `.idx`; `name` is for the message. Raises StoreError where it is not Megatron's, truncated or inconsistent."""
    if len(data) < _HEADER.size or bytes(data[:9]) != MAGIC:
        raise StoreError(f"{name} is not a Megatron index: it must begin with {MAGIC!r}")
    _, version, code, count, documents = _HEADER.unpack_from(data)
    names = {number: dtype for dtype, number in _CODES.items()}
    if version != VERSION or code not in names:
        raise StoreError(f"{name} has version {version} and type code {code}: this reads version {VERSION} and codes {sorted(names)}")
    if documents != count + 1 or len(data) != _HEADER.size + 12 * count + 8 * documents:
        raise StoreError(f"{name} is {len(data)} bytes for {count} sequences and {documents - 1} documents: it was cut, or is not ours")
    lengths = np.frombuffer(data, "<i4", count, _HEADER.size)
    pointers = np.frombuffer(data, "<i8", count, _HEADER.size + 4 * count)
    index = ShardIndex(names[code], lengths, pointers)
    ends = np.cumsum(lengths, dtype=np.int64) * np.dtype(index.dtype).itemsize
    if count and (pointers[0] != 0 or (pointers[1:] != ends[:-1]).any()):
        raise StoreError(f"{name} has pointers that do not follow from its lengths")
    return index


@dataclass(frozen=True)
class WrittenShard:
    """What was written: two local files, sha256 of the `.bin`, and counts."""

    bin: Path
    idx: Path
    sha256: str
    documents: int
    tokens: int


class ShardWriter:
    """Writes one shard document by document; memory is four bytes a document."""

    def __init__(self, bin_path: Path, idx_path: Path, vocab_size: int) -> None:
        self.dtype = dtype_of(vocab_size)
        self.documents = 0
        self.tokens = 0
        self._vocab_size = vocab_size
        self._paths = (bin_path, idx_path)
        self._file = bin_path.open("wb")
        self._digest = hashlib.sha256()
        self._lengths: list[NDArray[np.int32]] = []

    def add(self, tokens: NDArray[Any], lengths: NDArray[Any]) -> None:
        """Append documents: their ids one after the other, and the length of each. Raises StoreError for an id outside the vocabulary."""
        if len(tokens) and (int(tokens.min()) < 0 or int(tokens.max()) >= self._vocab_size):
            wrong = tokens[(tokens < 0) | (tokens >= self._vocab_size)][0]
            raise StoreError(f"token {wrong} is outside the vocabulary of {self._vocab_size}: run encode_corpus again")
        data = tokens.astype(np.dtype(self.dtype).newbyteorder("<")).tobytes()
        self._file.write(data)
        self._digest.update(data)
        self._lengths.append(lengths.astype(np.int32))
        self.documents += len(lengths)
        self.tokens += len(tokens)

    def close(self) -> WrittenShard:
        """Write the index and bring both files to the disk."""
        lengths = np.concatenate(self._lengths) if self._lengths else np.zeros(0, np.int32)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        with self._paths[1].open("wb") as file:
            file.write(index_bytes(lengths, self.dtype))
            file.flush()
            os.fsync(file.fileno())
        return WrittenShard(*self._paths, self._digest.hexdigest(), self.documents, self.tokens)

    def abort(self) -> None:
        """Remove what was written so far."""
        self._file.close()
        for path in self._paths:
            path.unlink(missing_ok=True)
