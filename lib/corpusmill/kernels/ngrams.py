"""Repeated n-grams and repeated lines, as datatrove counts them, in linear time.

Source: huggingface/datatrove v0.10.0, src/datatrove/pipeline/filters/gopher_repetition_filter.py (after Gopher, arXiv 2112.11446, table A1).
"""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.duplicated_ngrams import PREFIX, duplicated_ngrams, join_words, mark_shared_prefixes
from corpusmill.kernels.hashing import SCRAMBLE, U64, Hashes, xxh64
from corpusmill.kernels.long_ngrams import measure_long_document
from corpusmill.kernels.slot_table import find_or_add, next_stamp, table_bits
from corpusmill.kernels.utf8 import Bytes, Counts, Offsets, largest_step

LIMIT: Final = 1 << 22
"""Words up to which a document's n-grams stand in hash tables, of up to 70 bytes a word and its own bytes; above it they are sorted, of 8."""
Tokens = tuple[Bytes, Offsets, Offsets, Offsets, Counts]
"""data, first int64[n+1], start, end, characters int32[m] of the tokens of n documents."""
Room = tuple[Hashes, Hashes, Counts, Counts, Counts, Bytes, Bytes, Offsets]
"""keys, hashes, rows, counts, lengths (characters before each word), marks, joined, place."""


@jit
def count_duplicates(first: Offsets, keys: Hashes, characters: Counts) -> tuple[Offsets, Offsets]:
    """(int64[n] rows, int64[n] their characters) that are equal to an earlier row of their document; datatrove's find_duplicates.

    `first` int64[n+1], `keys` uint64[m] (a hash of each row), `characters` int32[m].
    """
    n = first.size - 1
    rows, sizes = np.zeros(n, np.int64), np.zeros(n, np.int64)
    table = np.zeros(1 << table_bits(largest_step(first)), np.uint64)
    stamp = 0
    for d in range(n):
        begin, end = first[d], first[d + 1]
        own = keys[begin:end]
        bits = table_bits(end - begin)
        stamp = next_stamp(table, stamp)
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
def _top_ngram(
    lengths: Counts, n: int, grams: int, table: Hashes, stamp: int, keys: Hashes, rows: Counts, counts: Counts, again: Bytes
) -> int:
    """Characters of the most frequent n-gram with its spaces, times its count; of several the one that came first.

    `again`: whether the shorter n-gram that begins at each word occurs twice; no longer one does where it does not. Left as that of this n.
    """
    bits = table_bits(grams)
    best = 0
    most = 1
    for i in range(grams):
        rows[i] = i
        if not again[i]:
            continue
        row = find_or_add(table, bits, stamp, keys, i)
        rows[i] = row
        counts[row] = 1 if row == i else counts[row] + 1
        if row != i and (counts[row] > most or (counts[row] == most and row < best)):
            most = counts[row]
            best = row
    for i in range(grams):
        again[i] = again[i] and counts[rows[i]] > 1
    return (lengths[best + n] - lengths[best] + n - 1) * most


@jit
def _measure_tops(tokens: Tokens, d: int, top: Offsets, table: Hashes, stamp: int, room: Room, found: Offsets) -> int:
    """Write the top n-grams of one document's row; gives the last stamp used."""
    data, first, start, end, _ = tokens
    keys, hashes, rows, counts, lengths, marks, _, _ = room
    begin, words = first[d], first[d + 1] - first[d]
    for w in range(words):
        hashes[w] = xxh64(data, start[begin + w], end[begin + w])
        marks[w] = 1
    size = 0
    for column in range(top.size):
        n = top[column]
        if words >= n:
            stamp = next_stamp(table, stamp)
            _lengthen_keys(hashes[:words], size, n, keys)
            size = n
            found[column] = _top_ngram(lengths, n, words - n + 1, table, stamp, keys, rows, counts, marks)
    return stamp


@jit
def _measure_duplicated(tokens: Tokens, d: int, duplicated: Offsets, table: Hashes, stamp: int, room: Room, found: Offsets) -> int:
    """Write the duplicated n-grams of one document's row; gives the last stamp used."""
    data, first, start, end, _ = tokens
    keys, _, _, _, lengths, marks, joined, place = room
    begin, stop = first[d], first[d + 1]
    join_words(data, start[begin:stop], end[begin:stop], joined, place)
    stamp = next_stamp(table, stamp)
    mark_shared_prefixes(joined, place, stop - begin, table, stamp, keys, marks)
    for column in range(duplicated.size):
        n = duplicated[column]
        if stop - begin >= n:
            stamp = next_stamp(table, stamp)
            found[column] = duplicated_ngrams(joined, place, lengths, n, stop - begin - n + 1, marks, table, stamp, keys)
    return stamp


@jit
def _measure_small(tokens: Tokens, top: Offsets, duplicated: Offsets, small: Bytes, most: int, largest: int, found: Offsets) -> None:
    """measure_ngrams of the documents marked as small; `most` words and `largest` bytes has one of them."""
    _, first, _, _, characters = tokens
    table = np.zeros(1 << table_bits(most), np.uint64)
    rows, counts, lengths = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most + 1, np.int32)
    joined, place = np.empty(largest + PREFIX, np.uint8), np.empty(most + 1, np.int64)
    room = (np.empty(most, np.uint64), np.empty(most, np.uint64), rows, counts, lengths, np.empty(most, np.uint8), joined, place)
    stamp = 0
    for d in range(first.size - 1):
        if small[d]:
            lengths[0] = 0
            for w in range(first[d + 1] - first[d]):
                lengths[w + 1] = lengths[w] + characters[first[d] + w]
            stamp = _measure_tops(tokens, d, top, table, stamp, room, found[d, : top.size])
            stamp = _measure_duplicated(tokens, d, duplicated, table, stamp, room, found[d, top.size :])


def measure_ngrams(tokens: Tokens, top: Offsets, duplicated: Offsets, limit: int = LIMIT) -> Offsets:
    """int64[n, top.size + duplicated.size]: characters in the most frequent n-gram, then in duplicated n-grams, for each n in the two arrays.

    `top` ascends. 0 where a document has fewer than n words. Documents of more words than `limit`, or of eight times as many bytes, are measured
    in less memory and more time.
    """
    data, first, *columns = tokens
    words, sizes = np.diff(first), _extents(tokens)
    small = (words <= limit) & (sizes <= 8 * limit)
    found = np.zeros((words.size, top.size + duplicated.size), np.int64)
    most, largest = int(words[small].max(initial=0)), int(sizes[small].max(initial=0))
    _measure_small(tokens, top, duplicated, small.view(np.uint8), most, largest, found)
    for d in np.flatnonzero(~small):
        start, end, characters = (column[first[d] : first[d + 1]] for column in columns)
        found[d] = measure_long_document(data, start, end, characters, top, duplicated)
    return found


def _extents(tokens: Tokens) -> Offsets:
    """int64[n]: bytes from each document's first word to its last; the words have no more."""
    _, first, start, end, _ = tokens
    sizes = np.zeros(first.size - 1, np.int64)
    filled = np.flatnonzero(np.diff(first))
    sizes[filled] = end[first[filled + 1] - 1] - start[first[filled]]
    return sizes
