"""Fast similarity sketches: shingle hashes in, values out that agree as MinHash's do, at about one hash a shingle and not one a value.

Source: Dahlgaard, Knudsen and Thorup, Fast Similarity Sketching, arXiv 1704.04370, algorithm 1. In round i each shingle has a random place and a
random value; a place holds the least value of the first round that reached it. From round t on, of t places, round t + p reaches place p alone, so
that 2 t rounds fill all. The shingle that holds a place is any of the text's with equal chance, and of two texts the same one with the chance of
their Jaccard similarity.
"""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import SCRAMBLE, U64, Hashes, avalanche

_EMPTY: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_LOW: Final = np.uint64(0xFFFFFFFF)
_MANY: Final = 8
"""With so many shingles a place, one stays empty with a chance of e^-8, unless the shingles are repeats: later rounds are spared those."""


@jit
def _place(x: int, places: int) -> int:
    """One of the places, by the upper half of a random word."""
    return np.int64(((x >> U64(32)) * U64(places)) >> U64(32))


@jit
def _value(x: int, places: int) -> int:
    """A random word's value at its place: what choosing the place leaves of the upper half, then the lower half."""
    return (((x >> U64(32)) * U64(places)) << U64(32)) | (x & _LOW)


@jit
def _in_round(hash_: int, number: int) -> int:
    """A shingle's random word in a round after the first, whose words are the hashes themselves."""
    return avalanche(hash_ ^ (SCRAMBLE * U64(number)))


@jit
def _first_round(hashes: Hashes, count: int, values: Hashes, is_open: np.ndarray) -> int:
    """Fill what one round reaches; gives how many places are still open."""
    places = values.size
    for p in range(places):
        values[p] = _EMPTY
    for k in range(count):
        p = _place(hashes[k], places)
        values[p] = min(values[p], _value(hashes[k], places))
    empty = 0
    for p in range(places):
        is_open[p] = values[p] == _EMPTY
        empty += is_open[p]
    return empty


@jit
def _later_round(hashes: Hashes, count: int, number: int, values: Hashes, is_open: np.ndarray, reached: np.ndarray) -> int:
    """Fill what a round reaches of the open places and close them; gives how many. Takes no time for the others."""
    places, filled = values.size, 0
    for k in range(count):
        x = _in_round(hashes[k], number)
        p = _place(x, places)
        if is_open[p]:
            if values[p] == _EMPTY:
                reached[filled] = p
                filled += 1
            values[p] = min(values[p], _value(x, places))
    for r in range(filled):
        is_open[reached[r]] = False
    return filled


@jit
def sort_distinct(hashes: Hashes, count: int) -> int:
    """Of the first `count` > 0 hashes move the distinct ones to the front, in order; gives how many they are."""
    hashes[:count].sort()
    distinct = 1
    for k in range(1, count):
        if hashes[k] != hashes[distinct - 1]:
            hashes[distinct] = hashes[k]
            distinct += 1
    return distinct


@jit
def fill_places(hashes: Hashes, count: int, is_open: np.ndarray, reached: np.ndarray, values: Hashes) -> None:
    """Sketch `count` > 0 shingle hashes, which may be left in another order.

    `values` uint64[t] out; `is_open` bool[t] and `reached` int64[t]: room to work in.
    """
    places = values.size
    empty = _first_round(hashes, count, values, is_open)
    if empty and count > _MANY * places:
        count = sort_distinct(hashes, count)
    number = 1
    while empty and number < places:
        empty -= _later_round(hashes, count, number, values, is_open, reached)
        number += 1
    if empty == 0:
        return
    for p in range(places):
        if is_open[p]:
            for k in range(count):
                values[p] = min(values[p], _in_round(hashes[k], places + p))
