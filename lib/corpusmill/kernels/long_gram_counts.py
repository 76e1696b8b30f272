"""n-grams of one very long document, counted exactly in bounded memory: a part of all keys at a time, each part in one pass over the words."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import SCRAMBLE, U64, Hashes, WordKeys, avalanche
from corpusmill.kernels.memory import high_product
from corpusmill.kernels.slot_table import table_bits
from corpusmill.kernels.utf8 import Bytes, Counts, Offsets, Sizes

_REPEATED: Final = 1
_AGAIN: Final = 2


@jit
def _fill(words: WordKeys, n: int, part: int, parts: int, keys: Hashes, times: Counts, rows: Counts, marks: Bytes) -> None:
    """Table the n-grams of one part: key, count and first row of each; mark those there twice and those seen before.

    The key is a polynomial of the words, so that the next one takes two products, whatever n is.
    """
    times[:] = 0
    last = U64(keys.size - 1)
    power, rolling = U64(1), U64(0)
    for _ in range(n):
        power *= SCRAMBLE
    for w in range(words.size):
        rolling = rolling * SCRAMBLE + U64(words[w])
        if w >= n:
            rolling -= U64(words[w - n]) * power
        i = w - n + 1
        if i < 0:
            continue
        key = avalanche(rolling)
        if high_product(key, U64(parts)) != U64(part):
            continue
        slot = (key * SCRAMBLE) >> U64(32) & last
        while times[slot] and keys[slot] != key:
            slot = (slot + U64(1)) & last
        if times[slot]:
            marks[i] = _REPEATED | _AGAIN
            marks[rows[slot]] |= _REPEATED
        else:
            keys[slot], rows[slot] = key, i
        times[slot] += 1


@jit
def _span(sizes: Sizes, begin: int, end: int) -> int:
    total = 0
    for w in range(begin, end):
        total += sizes[w]
    return total


@jit
def _rank(sizes: Sizes, n: int, times: Counts, rows: Counts, top: Offsets) -> None:
    """Bring `top` (count, first row, characters of the longest, of the most frequent n-grams so far) up to this part's."""
    for slot in range(times.size):
        if times[slot] == 0 or times[slot] < top[0]:
            continue
        size = _span(sizes, rows[slot], rows[slot] + n)
        if times[slot] > top[0]:
            top[0], top[1], top[2] = times[slot], rows[slot], size
        else:
            top[1], top[2] = min(top[1], np.int64(rows[slot])), max(top[2], size)


@jit
def _sweep(sizes: Sizes, n: int, marks: Bytes, found: Offsets) -> None:
    """Write what depends on the order of the n-grams, from their marks."""
    covered_to = overlap = size = 0
    for w in range(n - 1):
        size += sizes[w]
    for i in range(sizes.size - n + 1):
        size += sizes[i + n - 1]
        found[2] += size
        if marks[i] & _REPEATED:
            found[1] += 1
            found[3] += size
            found[6] += _span(sizes, max(i, covered_to), i + n)
            covered_to = i + n
        if marks[i] & _AGAIN:
            found[7] += _span(sizes, i + overlap, i + n) + min(n - overlap, n - 1)
            overlap = n
        overlap = max(overlap - 1, 0)
        size -= sizes[i]


def count_long_grams(words: WordKeys, sizes: Sizes, n: int, limit: int, frequent: bool) -> Offsets:
    """int64[9]: GRAMS of gram_counts of one document's n-grams, in memory of 32 bytes for each of `limit` n-grams and one for each other.

    `frequent`: whether to count that column, else it is 0.
    """
    found = np.zeros(9, np.int64)
    grams = words.size - n + 1
    if grams <= 0:
        return found
    parts = -(-grams // limit)
    # The keys are spread evenly: no part has an eighth more than the mean, whatever the text.
    slots = 1 << table_bits(limit + limit // 8 + 64)
    keys, times, rows = np.empty(slots, np.uint64), np.empty(slots, np.int32), np.empty(slots, np.int32)
    marks, top = np.zeros(grams, np.uint8), np.zeros(3, np.int64)
    distinct = repeated = 0
    highest = np.empty(0, np.int32)
    for part in range(parts):
        _fill(words, n, part, parts, keys, times, rows, marks)
        _rank(sizes, n, times, rows, top)
        if frequent:
            several = times[times > 1]
            distinct, repeated = distinct + int(np.count_nonzero(times)), repeated + several.size
            highest = np.sort(np.concatenate([highest, several]))[-int(np.sqrt(grams)) :]
    _sweep(sizes, n, marks, found)
    found[0], found[4], found[5] = grams, top[0] * _span(sizes, top[1], top[1] + n), top[0] * top[2] if top[0] > 1 else 0
    wanted = min(int(np.sqrt(distinct)), repeated)
    found[8] = highest[highest.size - wanted :].sum()
    return found
