"""Repeated n-grams and repeated lines, as datatrove counts them, in linear time.

Source: huggingface/datatrove v0.10.0, src/datatrove/pipeline/filters/gopher_repetition_filter.py (after Gopher, arXiv 2112.11446, table A1).
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64, Hashes, avalanche, high_product
from corpusmill.kernels.utf8 import Bytes, Offsets

Counts = npt.NDArray[np.int32]

_PRIME: Final = (1 << 61) - 1
_MERSENNE: Final = np.uint64(_PRIME)
_BASE: Final = 0x0B4711AB5EED1E5A
"""Base of the polynomial hash of concatenated words: any number below 2^61 - 1 that is no small power."""
_PIECE: Final = 64
"""Bytes hashed at a time: their sums of 9-bit times 32-bit products stay far below 2^64."""
_POWERS: Final = [pow(_BASE, j, _PRIME) for j in range(_PIECE + 1)]
_LOW: Final = np.array([power & 0xFFFFFFFF for power in _POWERS], np.uint64)
_HIGH: Final = np.array([power >> 32 for power in _POWERS], np.uint64)
_POWER: Final = np.array(_POWERS, np.uint64)
_INVERSE: Final = np.array([pow(power, -1, _PRIME) for power in _POWERS], np.uint64)

_STAMPS: Final = 1 << 16
_SCRAMBLE: Final = np.uint64(0x9E3779B97F4A7C15)


@jit
def _multiply(a: int, b: int) -> int:
    """a b mod 2^61 - 1, both below it."""
    low = a * b
    total = (low & _MERSENNE) + ((low >> U64(61)) | (high_product(a, b) << U64(3)))
    return total - _MERSENNE if total >= _MERSENNE else total


@jit
def _add(a: int, b: int) -> int:
    """a + b mod 2^61 - 1, both below it."""
    total = a + b
    return total - _MERSENNE if total >= _MERSENNE else total


@jit
def table_bits(entries: int) -> int:
    """Bits of a slot number, so that so many entries fill at most three quarters of the slots."""
    bits = 4
    while 3 << bits < entries << 2:
        bits += 1
    return bits


@jit
def find_or_add(table: Hashes, bits: int, stamp: int, keys: Hashes, i: int) -> int:
    """The first row with the key of row i among those added under this stamp; adds row i and gives i where it is the first.

    A slot holds stamp (16 bits), a tag of the key (16 bits) and the row (32 bits); slots of another stamp are empty, so that a table need not be
    cleared between documents. The key itself is compared where the tags are equal.
    """
    scrambled = keys[i] * _SCRAMBLE
    slot = np.int64(scrambled >> U64(64 - bits))
    mark = (U64(stamp) << U64(48)) | ((scrambled & U64(0xFFFF)) << U64(32))
    last = (1 << bits) - 1
    while True:
        entry = table[slot]
        if entry >> U64(48) != U64(stamp):
            table[slot] = mark | U64(i)
            return i
        if (entry ^ mark) >> U64(32) == U64(0):
            row = np.int64(entry & U64(0xFFFFFFFF))
            if keys[row] == keys[i]:
                return row
        slot = (slot + 1) & last


@jit
def _next_stamp(table: Hashes, stamp: int) -> int:
    """A stamp that no slot has."""
    if stamp + 1 < _STAMPS:
        return stamp + 1
    for slot in range(table.size):
        table[slot] = U64(0)
    return 1


@jit
def _most_rows(first: Offsets) -> int:
    most = 0
    for d in range(first.size - 1):
        most = max(most, first[d + 1] - first[d])
    return most


@jit
def count_duplicates(first: Offsets, keys: Hashes, characters: Counts) -> tuple[Offsets, Offsets]:
    """(int64[n] rows, int64[n] their characters) that are equal to an earlier row of their document; datatrove's find_duplicates.

    `first` int64[n+1], `keys` uint64[m] (a hash of each row), `characters` int32[m].
    """
    n = first.size - 1
    rows, sizes = np.zeros(n, np.int64), np.zeros(n, np.int64)
    table = np.zeros(1 << table_bits(_most_rows(first)), np.uint64)
    stamp = 0
    for d in range(n):
        begin, end = first[d], first[d + 1]
        own = keys[begin:end]
        bits = table_bits(end - begin)
        stamp = _next_stamp(table, stamp)
        for k in range(end - begin):
            if find_or_add(table, bits, stamp, own, k) != k:
                rows[d] += 1
                sizes[d] += characters[begin + k]
    return rows, sizes


@jit
def _chain_keys(hashes: Hashes, n: int, keys: Hashes) -> None:
    """Keys of word n-grams: equal where the words are equal one by one."""
    for i in range(hashes.size - n + 1):
        key = hashes[i]
        for j in range(1, n):
            key = (key ^ (key >> U64(32))) * _SCRAMBLE + hashes[i + j]
        keys[i] = avalanche(key)


@jit
def _top_ngram(lengths: Offsets, n: int, grams: int, table: Hashes, stamp: int, keys: Hashes, counts: Counts) -> int:
    """Characters of the most frequent n-gram with its spaces, times its count; of several the one that came first."""
    bits = table_bits(grams)
    best = 0
    most = 0
    for i in range(grams):
        row = find_or_add(table, bits, stamp, keys, i)
        counts[i] = 0
        counts[row] += 1
        if counts[row] > most or (counts[row] == most and row < best):
            most = counts[row]
            best = row
    return (lengths[best + n] - lengths[best] + n - 1) * most


@jit
def _duplicate_ngrams(lengths: Offsets, n: int, grams: int, table: Hashes, stamp: int, keys: Hashes) -> int:
    """Characters of n-grams seen before, without spaces; the scan jumps over each it finds."""
    bits = table_bits(grams)
    repeated = 0
    i = 0
    while i < grams:
        if find_or_add(table, bits, stamp, keys, i) == i:
            i += 1
        else:
            repeated += lengths[i + n] - lengths[i]
            i += n
    return repeated


@jit
def _prefix_sums(
    data: Bytes, start: Offsets, end: Offsets, characters: Counts, sums: Hashes, inverses: Hashes, lengths: Offsets
) -> None:
    """Running sums over a document's words, each with one row more than there are words.

    sums: polynomial hash of all bytes so far, byte j (of the words put together) times BASE^j; inverses: BASE^-j; lengths: characters.
    A byte counts one more than it is, so that no byte is nothing.
    """
    total, power, inverse = U64(0), U64(1), U64(1)
    sums[0], inverses[0], lengths[0] = total, inverse, 0
    for w in range(start.size):
        i = start[w]
        while i < end[w]:
            size = min(end[w] - i, _PIECE)
            low, high = U64(0), U64(0)
            for j in range(size):
                byte = U64(data[i + j]) + U64(1)
                low += byte * _LOW[j]
                high += byte * _HIGH[j]
            piece = _add(low % _MERSENNE, _multiply(high % _MERSENNE, U64(1 << 32)))
            total = _add(total, _multiply(piece, power))
            power = _multiply(power, _POWER[size])
            inverse = _multiply(inverse, _INVERSE[size])
            i += size
        sums[w + 1], inverses[w + 1], lengths[w + 1] = total, inverse, lengths[w] + characters[w]


@jit
def _concatenation_keys(sums: Hashes, inverses: Hashes, n: int, grams: int, keys: Hashes) -> None:
    """Keys of word n-grams: equal where the words put together without spaces are equal."""
    for i in range(grams):
        keys[i] = _multiply(_add(sums[i + n], _MERSENNE - sums[i]), inverses[i])


@jit
def measure_ngrams(
    data: Bytes, first: Offsets, start: Offsets, end: Offsets, characters: Counts, hashes: Hashes, top: Offsets, duplicated: Offsets
) -> Offsets:
    """int64[n, top.size + duplicated.size]: characters in the most frequent n-gram, then in duplicated n-grams, for each n in the two arrays.

    `first` to `hashes`: the tokens of n documents. 0 where a document has fewer than n words.
    """
    found = np.zeros((first.size - 1, top.size + duplicated.size), np.int64)
    most = _most_rows(first)
    table = np.zeros(1 << table_bits(most), np.uint64)
    keys, sums, inverses = np.empty(most, np.uint64), np.empty(most + 1, np.uint64), np.empty(most + 1, np.uint64)
    lengths, counts = np.empty(most + 1, np.int64), np.empty(most, np.int32)
    stamp = 0
    for d in range(first.size - 1):
        begin, stop = first[d], first[d + 1]
        _prefix_sums(data, start[begin:stop], end[begin:stop], characters[begin:stop], sums, inverses, lengths)
        for column in range(found.shape[1]):
            n = top[column] if column < top.size else duplicated[column - top.size]
            grams = stop - begin - n + 1
            if grams <= 0:
                continue
            stamp = _next_stamp(table, stamp)
            if column < top.size:
                _chain_keys(hashes[begin:stop], n, keys)
                found[d, column] = _top_ngram(lengths, n, grams, table, stamp, keys, counts)
            else:
                _concatenation_keys(sums, inverses, n, grams, keys)
                found[d, column] = _duplicate_ngrams(lengths, n, grams, table, stamp, keys)
    return found
