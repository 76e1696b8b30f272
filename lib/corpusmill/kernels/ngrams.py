"""Repeated n-grams and repeated lines, as datatrove counts them, in linear time.

Source: huggingface/datatrove v0.10.0, src/datatrove/pipeline/filters/gopher_repetition_filter.py (after Gopher, arXiv 2112.11446, table A1).
"""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64, Hashes, xxh64
from corpusmill.kernels.long_ngrams import SCRAMBLE, measure_long_document
from corpusmill.kernels.polynomials import add_word, concatenation_key
from corpusmill.kernels.utf8 import Bytes, Counts, Offsets

LIMIT: Final = 1 << 22
"""Words up to which a document's n-grams stand in hash tables, of 60 bytes a word; above it they are sorted, of 8 bytes a word."""
Tokens = tuple[Bytes, Offsets, Offsets, Offsets, Counts]
"""data, first int64[n+1], start, end, characters int32[m] of the tokens of n documents."""
Room = tuple[Hashes, Hashes, Hashes, Hashes, Counts, Counts]

_STAMPS: Final = 1 << 16


@jit
def table_bits(entries: int) -> int:
    """Bits of a slot number, so that so many entries fill at most half of the slots."""
    bits = 4
    while 1 << bits < entries << 1:
        bits += 1
    return bits


@jit
def find_or_add(table: Hashes, bits: int, stamp: int, keys: Hashes, i: int) -> int:
    """The first row with the key of row i among those added under this stamp; adds row i and gives i where it is the first.

    A slot holds stamp (16 bits), a tag of the key (16 bits) and the row (32 bits); slots of another stamp are empty, so that a table need not be
    cleared between documents. The key itself is compared where the tags are equal.
    """
    scrambled = keys[i] * SCRAMBLE
    slot = scrambled >> U64(64 - bits)
    mark = (U64(stamp) << U64(48)) | ((scrambled & U64(0xFFFF)) << U64(32))
    last = (U64(1) << U64(bits)) - U64(1)
    while True:
        entry = table[slot]
        if entry >> U64(48) != U64(stamp):
            table[slot] = mark | U64(i)
            return i
        if (entry ^ mark) >> U64(32) == U64(0):
            row = np.int64(entry & U64(0xFFFFFFFF))
            if keys[row] == keys[i]:
                return row
        slot = (slot + U64(1)) & last


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
def _lengthen_keys(hashes: Hashes, size: int, n: int, keys: Hashes) -> None:
    """Make keys of n-grams from those of `size`-grams (0: from nothing): equal where the words are equal one by one."""
    while size < n:
        for i in range(hashes.size - size):
            keys[i] = hashes[i] if size == 0 else (keys[i] ^ (keys[i] >> U64(32))) * SCRAMBLE + hashes[i + size]
        size += 1


@jit
def _top_ngram(lengths: Counts, n: int, grams: int, table: Hashes, stamp: int, keys: Hashes, counts: Counts) -> int:
    """Characters of the most frequent n-gram with its spaces, times its count; of several the one that came first."""
    bits = table_bits(grams)
    best = 0
    most = 1
    for i in range(grams):
        row = find_or_add(table, bits, stamp, keys, i)
        if row == i:
            counts[i] = 1
            continue
        count = counts[row] + 1
        counts[row] = count
        if count > most or (count == most and row < best):
            most = count
            best = row
    return (lengths[best + n] - lengths[best] + n - 1) * most


@jit
def _duplicate_ngrams(lengths: Counts, n: int, grams: int, table: Hashes, stamp: int, keys: Hashes) -> int:
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
def _prefix_sums(data: Bytes, start: Offsets, end: Offsets, characters: Counts, sums: Hashes, inverses: Hashes, lengths: Counts) -> None:
    """add_word's sums and inverses, and the characters, before each word and behind the last."""
    total, power, inverse = U64(0), U64(1), U64(1)
    sums[0], inverses[0], lengths[0] = total, inverse, 0
    for w in range(start.size):
        total, power, inverse = add_word(data, start[w], end[w], total, power, inverse)
        sums[w + 1], inverses[w + 1], lengths[w + 1] = total, inverse, lengths[w] + characters[w]


@jit
def _measure_document(
    tokens: Tokens, d: int, top: Offsets, duplicated: Offsets, table: Hashes, stamp: int, room: Room, found: Offsets
) -> int:
    """Write one document's row of measure_ngrams; gives the last stamp used. `room`: keys, hashes, sums, inverses, lengths, counts."""
    data, first, start, end, characters = tokens
    keys, hashes, sums, inverses, lengths, counts = room
    begin, stop = first[d], first[d + 1]
    _prefix_sums(data, start[begin:stop], end[begin:stop], characters[begin:stop], sums, inverses, lengths)
    for w in range(stop - begin):
        hashes[w] = xxh64(data, start[begin + w], end[begin + w])
    size = 0
    for column in range(top.size + duplicated.size):
        n = top[column] if column < top.size else duplicated[column - top.size]
        grams = stop - begin - n + 1
        if grams <= 0:
            continue
        stamp = _next_stamp(table, stamp)
        if column < top.size:
            _lengthen_keys(hashes[: stop - begin], size, n, keys)
            size = n
            found[column] = _top_ngram(lengths, n, grams, table, stamp, keys, counts)
        else:
            for i in range(grams):
                keys[i] = concatenation_key(sums[i], sums[i + n], inverses[i])
            found[column] = _duplicate_ngrams(lengths, n, grams, table, stamp, keys)
    return stamp


@jit
def _measure_small(tokens: Tokens, top: Offsets, duplicated: Offsets, limit: int, most: int, found: Offsets) -> None:
    """measure_ngrams of the documents of at most `limit` words; `most`: the words of the longest of them."""
    first = tokens[1]
    table = np.zeros(1 << table_bits(most), np.uint64)
    lengths, counts = np.empty(most + 1, np.int32), np.empty(most, np.int32)
    sums, inverses = np.empty(most + 1, np.uint64), np.empty(most + 1, np.uint64)
    room = (np.empty(most, np.uint64), np.empty(most, np.uint64), sums, inverses, lengths, counts)
    stamp = 0
    for d in range(first.size - 1):
        if first[d + 1] - first[d] <= limit:
            stamp = _measure_document(tokens, d, top, duplicated, table, stamp, room, found[d])


def measure_ngrams(tokens: Tokens, top: Offsets, duplicated: Offsets, limit: int = LIMIT) -> Offsets:
    """int64[n, top.size + duplicated.size]: characters in the most frequent n-gram, then in duplicated n-grams, for each n in the two arrays.

    `top` ascends. 0 where a document has fewer than n words. Documents of more words than `limit` are measured in less memory and more time.
    """
    counts = np.diff(tokens[1])
    found = np.zeros((counts.size, top.size + duplicated.size), np.int64)
    small = counts <= limit
    _measure_small(tokens, top, duplicated, limit, int(counts[small].max(initial=0)), found)
    data, first, *columns = tokens
    for d in np.flatnonzero(~small):
        start, end, characters = (column[first[d] : first[d + 1]] for column in columns)
        found[d] = measure_long_document(data, start, end, characters, top, duplicated)
    return found
