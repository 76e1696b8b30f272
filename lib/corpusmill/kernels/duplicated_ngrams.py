"""n-grams of words put together without spaces that came before in the same document, by looking at those alone whose first bytes did."""

from typing import Final

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import SCRAMBLE, U64, Hashes, xxh64
from corpusmill.kernels.memory import load64
from corpusmill.kernels.slot_table import find_or_add, table_bits
from corpusmill.kernels.utf8 import Bytes, Counts, Offsets

PREFIX: Final = 16
"""Bytes: two words of a machine. In ordinary text most words begin a run of so many that begins nowhere else."""


@jit
def join_words(data: Bytes, start: Offsets, end: Offsets, joined: Bytes, place: Offsets) -> None:
    """Put the words together in `joined`, PREFIX zeros behind them; `place`: where each begins, and where the last ends."""
    size = 0
    for w in range(start.size):
        place[w] = size
        for i in range(start[w], end[w]):
            joined[size] = data[i]
            size += 1
    place[start.size] = size
    for i in range(PREFIX):
        joined[size + i] = 0


@jit
def mark_shared_prefixes(joined: Bytes, place: Offsets, words: int, table: Hashes, stamp: int, keys: Hashes, shared: Bytes) -> None:
    """Whether another word begins with the same PREFIX bytes, its own and those behind it: 1 also where two prefixes share a hash."""
    bits = table_bits(words)
    for w in range(words):
        low, high = load64(joined, place[w]), load64(joined, place[w] + 8)
        keys[w] = (low ^ (low >> U64(32))) * SCRAMBLE + high
        shared[w] = 0
    for w in range(words):
        row = find_or_add(table, bits, stamp, keys, w)
        if row != w:
            shared[row] = shared[w] = 1


@jit
def duplicated_ngrams(
    joined: Bytes, place: Offsets, lengths: Counts, n: int, grams: int, shared: Bytes, table: Hashes, stamp: int, keys: Hashes
) -> int:
    """Characters of n-grams seen before, without spaces; the scan jumps over each it finds.

    An n-gram of PREFIX bytes or more is like no other where its prefix is not shared. `lengths`: characters before each word.
    """
    bits = table_bits(grams)
    repeated = 0
    i = 0
    while i < grams:
        begin, end = place[i], place[i + n]
        if not shared[i] and end - begin >= PREFIX:
            i += 1
            continue
        keys[i] = xxh64(joined, begin, end)
        if find_or_add(table, bits, stamp, keys, i) == i:
            i += 1
        else:
            repeated += lengths[i + n] - lengths[i]
            i += n
    return repeated
