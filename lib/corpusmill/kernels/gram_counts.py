"""How often n-grams occur in a document, for the filters that count every one of them: all sizes asked for, in linear time."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import SCRAMBLE, U64, Hashes, WordKeys
from corpusmill.kernels.long_gram_counts import count_long_grams
from corpusmill.kernels.slot_table import find_or_add, next_stamp, table_bits
from corpusmill.kernels.utf8 import Bytes, Counts, Offsets, Sizes, characters_between, decode, width

GRAMS: Final = ("grams", "repeated", "characters", "repeated_characters", "top_first", "top_longest", "covered", "again", "frequent")
"""The columns of count_grams, of the n-grams of one size: how many; those there twice or more, each time counted; the characters of both, without
what stands between words; the characters of all times of the most frequent one, of several the first, or, if it is there twice, the longest; the
characters of words in a repeated one; the characters of n-grams seen before with a blank between their words, what two share counted once; and how
many there are of the most frequent ones that are repeated, so many as the square root of how many differ."""
_COLUMNS: Final = len(GRAMS)
LIMIT: Final = 1 << 22
"""WordKeys up to which a document's n-grams are counted at once, in 40 bytes a word; above it in parts (kernels.long_gram_counts)."""


@jit
def _count(keys: Hashes, grams: int, table: Hashes, stamp: int, rows: Counts, times: Counts) -> int:
    """Write the first row of each n-gram's value, and how often the value is there at that row; gives how many differ."""
    bits, distinct = table_bits(grams), 0
    for i in range(grams):
        times[i] = 0
        row = find_or_add(table, bits, stamp, keys, i)
        rows[i] = row
        distinct += row == i
        times[row] += 1
    return distinct


@jit
def _sum_up(n: int, grams: int, distinct: int, lengths: Offsets, rows: Counts, times: Counts, frequent: bool, found: Offsets) -> None:
    """Write GRAMS of one size. `lengths`: characters before each word; `frequent`: whether to count that column, which sorts."""
    most = best = 0
    for i in range(grams):
        if times[i] > most:
            most, best = np.int64(times[i]), i
    covered_to = overlap = longest = repeated_values = 0
    for i in range(grams):
        size = lengths[i + n] - lengths[i]
        found[2] += size
        repeated_values += times[i] > 1
        if times[i] == most:
            longest = max(longest, size)
        if times[rows[i]] > 1:
            found[1] += 1
            found[3] += size
            found[6] += lengths[i + n] - lengths[max(i, covered_to)]
            covered_to = i + n
        if rows[i] != i:
            found[7] += lengths[i + n] - lengths[i + overlap] + min(n - overlap, n - 1)
            overlap = n
        overlap = max(overlap - 1, 0)
    found[0] = grams
    found[4] = most * (lengths[best + n] - lengths[best])
    found[5] = most * longest if most > 1 else 0
    if frequent:
        wanted = np.int64(np.sqrt(distinct))
        if repeated_values < wanted:
            wanted = repeated_values
        found[8] = np.sort(times[:grams])[grams - wanted :].sum()


@jit
def _count_small(
    first: Offsets, words: WordKeys, sizes: Sizes, lengths_of_grams: Offsets, small: Bytes, frequent: bool, most: int, found: Offsets
) -> None:
    """count_grams of the documents marked as small; `most` words has one of them."""
    table = np.zeros(1 << table_bits(most), np.uint64)
    keys, lengths = np.empty(most, np.uint64), np.zeros(most + 1, np.int64)
    rows, times = np.empty(most, np.int32), np.empty(most, np.int32)
    stamp = 0
    for d in range(first.size - 1):
        begin, count = first[d], first[d + 1] - first[d] if small[d] else 0
        for w in range(count):
            lengths[w + 1] = lengths[w] + sizes[begin + w]
        made = 0
        for k in range(lengths_of_grams.size):
            n = lengths_of_grams[k]
            if count < n:
                break
            while made < n:
                for i in range(count - made):
                    word = words[begin + i + made]
                    keys[i] = U64(word) if made == 0 else (keys[i] ^ (keys[i] >> U64(32))) * SCRAMBLE + word
                made += 1
            stamp = next_stamp(table, stamp)
            distinct = _count(keys, count - n + 1, table, stamp, rows, times)
            _sum_up(n, count - n + 1, distinct, lengths, rows, times, frequent, found[d, k])


def count_grams(
    first: Offsets, words: WordKeys, sizes: Sizes, lengths_of_grams: Offsets, *, frequent: bool = False, limit: int = LIMIT
) -> Offsets:
    """int64[n, k, 9]: GRAMS of every document for each of the k sizes, which ascend. `sizes`: the characters of each word.

    `frequent`: whether that column is counted, else it is 0. Documents of more words than `limit` take less memory and more time.
    """
    found = np.zeros((first.size - 1, lengths_of_grams.size, _COLUMNS), np.int64)
    counts = np.diff(first)
    small = counts <= limit
    most = int(counts[small].max(initial=0))
    _count_small(first, words, sizes, lengths_of_grams, small.view(np.uint8), frequent, most, found)
    for d in np.flatnonzero(~small):
        own = slice(first[d], first[d + 1])
        for k, n in enumerate(lengths_of_grams.tolist()):
            found[d, k] = count_long_grams(words[own], sizes[own], n, limit, frequent)
    return found


@jit
def _code_points(data: Bytes, offsets: Offsets) -> tuple[Offsets, WordKeys]:
    first, words = np.zeros(offsets.size, np.int64), np.empty(characters_between(data, offsets[0], offsets[-1]), np.uint32)
    m = 0
    for d in range(offsets.size - 1):
        i = offsets[d]
        while i < offsets[d + 1]:
            words[m] = decode(data, i)
            m += 1
            i += width(data[i])
        first[d + 1] = m
    return first, words


def character_words(data: Bytes, offsets: Offsets) -> tuple[Offsets, WordKeys, Sizes]:
    """(first int64[n+1], words uint32[m], sizes uint8[m]): every character as a word of one character; ASCII alone stays as it is, uint8[m]."""
    text = data[offsets[0] : offsets[-1]]
    first, words = (offsets - offsets[0], text) if text.max(initial=0) < 0x80 else _code_points(data, offsets)
    return first, words, np.ones(words.size, np.uint8)
