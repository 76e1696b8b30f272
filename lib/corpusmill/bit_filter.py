"""A set of hashes as bits, by which a large table is cut down before it is shuffled: yes to all that were put in, and to one in 100 others."""

from collections.abc import Iterator
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.kernels.hash_bits import find_bits, set_bits
from corpusmill.settings import Settings

HASH: Final = "hash"
"""The column that filters are made of: bigint, uniform."""
_BITS_PER_HASH: Final = 16
_WORD_BITS: Final = 6
_LEAST_BITS: Final = 16
_MOST_BITS: Final = 28
"""2^28 bits are 32 MB, which travel inside a plan: Connect takes plans of up to 128 MB. They hold 16.7 million hashes; of 50 million one in 12
others passes, of 100 million one in 3, of 400 million nearly all."""
_PIECE_BITS: Final = 16
"""Bits travel to the driver in pieces of 8 KB."""
_PIECE, _FIRST, _BITS = "piece", "first", "bits"


class BitFilter(Settings):
    """2^`bits` bits in words of 64."""

    bits: int
    data: bytes

    def contains(self, hashes: np.ndarray) -> np.ndarray:
        """bool[n]: whether each hash (int64[n] or uint64[n]) may be in the set."""
        found = np.empty(len(hashes), np.bool_)
        find_bits(np.ascontiguousarray(hashes).view(np.uint64), _shift(self.bits), np.frombuffer(self.data, np.uint64), found)
        return found


def make_filter(hashes: DataFrame, count: int, repeated: bool = False) -> BitFilter:
    """The filter of about `count` hashes in the column HASH; with `repeated` of those alone that occur twice, and of one in 100 others.

    Memory of the driver and of each task: 32 MB at most, twice that with `repeated`.
    """
    bits = min(max(_LEAST_BITS, (_BITS_PER_HASH * count).bit_length()), _MOST_BITS)
    # One task has all hashes of a piece, so that it sends that piece once, and sees which repeat.
    piece = F.shiftrightunsigned(F.col(HASH), 64 - bits + _PIECE_BITS) if bits > _PIECE_BITS else F.lit(0)
    placed = hashes.select(F.col(HASH), piece.alias(_PIECE)).repartition(F.col(_PIECE)).select(HASH)
    pieces = placed.mapInArrow(partial(_pieces, bits=bits, repeated=repeated), f"`{_FIRST}` bigint, `{_BITS}` binary")
    words = np.zeros(1 << (bits - _WORD_BITS), np.uint64)
    for row in pieces.collect():
        part = np.frombuffer(row[_BITS], np.uint64)
        words[row[_FIRST] : row[_FIRST] + len(part)] |= part
    return BitFilter(bits=bits, data=words.tobytes())


def _shift(bits: int) -> int:
    """By how much a hash is shifted right to give its word."""
    return 64 - bits + _WORD_BITS


def _pieces(batches: Iterator[pa.RecordBatch], bits: int, repeated: bool) -> Iterator[pa.RecordBatch]:
    """The pieces of one task's words that have bits."""
    once = np.zeros(1 << (bits - _WORD_BITS), np.uint64)
    again = np.zeros(len(once) if repeated else 0, np.uint64)
    for batch in batches:
        set_bits(batch.column(HASH).to_numpy().view(np.uint64), _shift(bits), once, again)
    chosen = again if repeated else once
    size = 1 << (_PIECE_BITS - _WORD_BITS)
    for first in range(0, len(chosen), size):
        part = chosen[first : first + size]
        if part.any():
            yield pa.RecordBatch.from_arrays(
                [pa.array([first], pa.int64()), pa.array([part.tobytes()], pa.binary())], names=[_FIRST, _BITS]
            )
