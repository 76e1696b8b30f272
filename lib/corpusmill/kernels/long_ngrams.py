"""Repeated n-grams of one very long document: keys are sorted and not tabled, and words passed over twice, for 8 bytes of memory a word."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import SCRAMBLE, U64, Hashes, xxh64
from corpusmill.kernels.memory import high_product
from corpusmill.kernels.polynomials import add_word, concatenation_key
from corpusmill.kernels.utf8 import Bytes, Counts, Offsets

_CHUNK: Final = 1 << 16
"""n-grams looked at together in the second pass."""
_WORD_BITS: Final = 64
_CONCATENATION_BITS: Final = 61


@jit
def _word_keys(data: Bytes, start: Offsets, end: Offsets, n: int, state: Hashes, keys: Hashes) -> None:
    """Fill keys with those of the next n-grams, equal where the words are equal one by one.

    `state`, zeros at first: words taken in so far, then the hashes of the last n words.
    """
    w = np.int64(state[0])
    filled = 0
    while filled < keys.size:
        state[1 + w % n] = xxh64(data, start[w], end[w])
        w += 1
        if w >= n:
            key = U64(0)
            for j in range(n):
                key = (key ^ (key >> U64(32))) * SCRAMBLE + state[1 + (w + j) % n]
            keys[filled] = key
            filled += 1
    state[0] = U64(w)


@jit
def _concatenation_keys(data: Bytes, start: Offsets, end: Offsets, n: int, state: Hashes, keys: Hashes) -> None:
    """Fill keys with those of the next n-grams, equal where the words put together are equal.

    `state`, zeros at first: words taken in so far, add_word's three values behind them, and two of them before each of the last n words.
    """
    w = np.int64(state[0])
    total, power, inverse = state[1], state[2], state[3]
    if w == 0:
        power = inverse = U64(1)
    filled = 0
    while filled < keys.size:
        state[4 + 2 * (w % n)], state[5 + 2 * (w % n)] = total, inverse
        total, power, inverse = add_word(data, start[w], end[w], total, power, inverse)
        w += 1
        if w >= n:
            oldest = 4 + 2 * (w % n)
            keys[filled] = concatenation_key(state[oldest], total, state[oldest + 1])
            filled += 1
    state[0], state[1], state[2], state[3] = U64(w), total, power, inverse


@jit
def _longest_run(keys: Hashes) -> int:
    """How often the most frequent of these sorted keys occurs."""
    most = run = 0
    for i in range(keys.size):
        run = run + 1 if i and keys[i] == keys[i - 1] else 1
        most = max(most, run)
    return most


@jit
def _keep_runs(keys: Hashes, least: int) -> int:
    """Move those of the sorted keys that occur at least so often to the front, each once; gives how many they are."""
    kept = begin = 0
    for i in range(1, keys.size + 1):
        if i == keys.size or keys[i] != keys[begin]:
            if i - begin >= least:
                keys[kept] = keys[begin]
                kept += 1
            begin = i
    return kept


@jit
def _find(keys: Hashes, key: int, bits: int) -> int:
    """Where a key stands among sorted, different ones that are spread evenly over so many bits; -1 where it does not.

    Looks first where it should stand, then in steps that double, then between the last two.
    """
    guess = np.int64(high_product(key << U64(64 - bits), U64(keys.size)))
    low = high = guess
    step = 1
    while low > 0 and keys[low] > key:
        low = max(low - step, 0)
        step *= 2
    while high < keys.size and keys[high] < key:
        high += step
        step *= 2
    high = min(high, keys.size - 1)
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low if low < keys.size and keys[low] == key else -1


@jit
def _first_found(chunk: Hashes, keys: Hashes) -> int:
    """The first of the chunk's keys that is among the sorted ones; -1 where none is."""
    for i in range(chunk.size):
        if _find(keys, chunk[i], _WORD_BITS) >= 0:
            return i
    return -1


@jit
def _scan(chunk: Hashes, first: int, keys: Hashes, seen: Bytes, n: int, characters: Counts, following: int) -> tuple[int, int]:
    """Go over n-grams first, first + 1, ... from `following` on, jumping over each that was seen. `keys`: those that occur twice.

    Gives (characters in those seen, n-gram to go on from).
    """
    repeated = 0
    i = following
    while i < first + chunk.size:
        at = _find(keys, chunk[i - first], _CONCATENATION_BITS)
        if at < 0 or not seen[at]:
            if at >= 0:
                seen[at] = 1
            i += 1
            continue
        for w in range(i, i + n):
            repeated += characters[w]
        i += n
    return repeated, i


def _top_ngram(data: Bytes, start: Offsets, end: Offsets, characters: Counts, n: int) -> int:
    """Characters of the most frequent n-gram with its spaces, times its count; of several the one that came first."""
    keys = np.empty(start.size - n + 1, np.uint64)
    _word_keys(data, start, end, n, np.zeros(1 + n, np.uint64), keys)
    keys.sort()
    most = _longest_run(keys)
    keys = keys[: _keep_runs(keys, most)]
    state = np.zeros(1 + n, np.uint64)
    at, first = -1, 0
    while at < 0:
        chunk = np.empty(min(_CHUNK, start.size - n + 1 - first), np.uint64)
        _word_keys(data, start, end, n, state, chunk)
        at = _first_found(chunk, keys)
        first += chunk.size if at < 0 else at
    return most * (int(characters[first : first + n].sum()) + n - 1)


def _duplicate_ngrams(data: Bytes, start: Offsets, end: Offsets, characters: Counts, n: int) -> int:
    """Characters of n-grams seen before, without spaces; the scan jumps over each it finds."""
    keys = np.empty(start.size - n + 1, np.uint64)
    _concatenation_keys(data, start, end, n, np.zeros(4 + 2 * n, np.uint64), keys)
    keys.sort()
    grams = keys.size
    keys = keys[: _keep_runs(keys, 2)]
    if keys.size == 0:
        return 0
    seen = np.zeros(keys.size, np.uint8)
    state = np.zeros(4 + 2 * n, np.uint64)
    repeated = following = 0
    for first in range(0, grams, _CHUNK):
        chunk = np.empty(min(_CHUNK, grams - first), np.uint64)
        _concatenation_keys(data, start, end, n, state, chunk)
        size, following = _scan(chunk, first, keys, seen, n, characters, following)
        repeated += size
    return repeated


def measure_long_document(data: Bytes, start: Offsets, end: Offsets, characters: Counts, top: Offsets, duplicated: Offsets) -> list[int]:
    """One row of measure_ngrams, of the tokens of one document."""
    small = start.size
    tops = [_top_ngram(data, start, end, characters, n) if n <= small else 0 for n in top.tolist()]
    return tops + [_duplicate_ngrams(data, start, end, characters, n) if n <= small else 0 for n in duplicated.tolist()]
