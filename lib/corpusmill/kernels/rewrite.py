"""Applying edits: unite overlapping spans a document, copy what lies between them, and map positions of the result back."""

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.utf8 import Bytes, Offsets

Union = tuple[Offsets, Offsets, Offsets, Offsets]
"""first: int64[n+1], start, end: int64[u] bytes in the document, choice: int64[u] the edit whose replacement stands there, -1 a deletion."""


@jit
def _preferred(data: Bytes, offsets: Offsets, a: int, b: int) -> int:
    """Of two replacements the longer; of two as long the one whose bytes come first, so that the order of the edits does not matter."""
    size_a, size_b = offsets[a + 1] - offsets[a], offsets[b + 1] - offsets[b]
    if size_a != size_b:
        return a if size_a > size_b else b
    for i in range(size_a):
        x, y = data[offsets[a] + i], data[offsets[b] + i]
        if x != y:
            return a if x < y else b
    return a


@jit
def unite(first: Offsets, start: Offsets, end: Offsets, deletes: npt.NDArray[np.bool_], data: Bytes, offsets: Offsets) -> Union:
    """Unite what overlaps in each document's edits, which are sorted by (start, end). `data`, `offsets`: the replacements' bytes.

    A union that holds a deletion is a deletion; else the longest replacement stands for it.
    """
    united = np.zeros(first.size, np.int64)
    starts, ends = np.empty(start.size, np.int64), np.empty(start.size, np.int64)
    choice = np.empty(start.size, np.int64)
    u = 0
    for d in range(first.size - 1):
        base = u
        for k in range(first[d], first[d + 1]):
            same = u > base and start[k] == starts[u - 1] and end[k] == ends[u - 1]
            if same or (u > base and start[k] < ends[u - 1]):
                ends[u - 1] = max(ends[u - 1], end[k])
                if deletes[k]:
                    choice[u - 1] = -1
                elif choice[u - 1] >= 0:
                    choice[u - 1] = _preferred(data, offsets, choice[u - 1], k)
                continue
            starts[u], ends[u] = start[k], end[k]
            choice[u] = -1 if deletes[k] else k
            u += 1
        united[d + 1] = u
    return united, starts[:u], ends[:u], choice[:u]


@jit
def replacement_sizes(choice: Offsets, offsets: Offsets) -> Offsets:
    """int64[u]: bytes that stand for each union."""
    sizes = np.zeros(choice.size, np.int64)
    for u in range(choice.size):
        if choice[u] >= 0:
            sizes[u] = offsets[choice[u] + 1] - offsets[choice[u]]
    return sizes


@jit
def _copy(data: Bytes, i: int, size: int, out: Bytes, o: int) -> int:
    """Copy data[i : i + size] to out[o:]; gives the index after it."""
    for k in range(size):
        out[o + k] = data[i + k]
    return o + size


@jit
def rewrite(
    text: Bytes, text_offsets: Offsets, first: Offsets, start: Offsets, end: Offsets, choice: Offsets, data: Bytes, offsets: Offsets
) -> tuple[Bytes, Offsets, Offsets]:
    """Apply united edits. Gives the new bytes, their offsets int64[n+1], and int64[u]: where each union begins in its new document."""
    sizes = replacement_sizes(choice, offsets)
    out = np.empty(text.size - np.sum(end - start) + np.sum(sizes), np.uint8)
    out_offsets = np.zeros(text_offsets.size, np.int64)
    place = np.empty(start.size, np.int64)
    o = 0
    for d in range(text_offsets.size - 1):
        base = o
        position = text_offsets[d]
        for u in range(first[d], first[d + 1]):
            kept = text_offsets[d] + start[u] - position
            o = _copy(text, position, kept, out, o)
            place[u] = o - base
            if sizes[u]:
                o = _copy(data, offsets[choice[u]], sizes[u], out, o)
            position = text_offsets[d] + end[u]
        o = _copy(text, position, text_offsets[d + 1] - position, out, o)
        out_offsets[d + 1] = o
    return out, out_offsets, place


@jit
def _at_or_before(place: Offsets, low: int, high: int, position: int) -> int:
    """The last row in low..high-1 whose place is not after the position; low - 1 where there is none."""
    while low < high:
        middle = (low + high) // 2
        if place[middle] <= position:
            low = middle + 1
        else:
            high = middle
    return low - 1


@jit
def map_back(
    first: Offsets,
    start: Offsets,
    end: Offsets,
    union_first: Offsets,
    union_start: Offsets,
    union_end: Offsets,
    place: Offsets,
    sizes: Offsets,
) -> tuple[Offsets, Offsets]:
    """Raw (start, end) of spans on the edited text. A span that touches a replacement covers all it stands for; at a deletion it stays outside."""
    raw_start, raw_end = np.empty(start.size, np.int64), np.empty(start.size, np.int64)
    for d in range(first.size - 1):
        low, high = union_first[d], union_first[d + 1]
        for k in range(first[d], first[d + 1]):
            raw = start[k]
            u = _at_or_before(place, low, high, start[k])
            if u >= low:
                inside = start[k] < place[u] + sizes[u]
                raw = union_start[u] if inside else union_end[u] + start[k] - place[u] - sizes[u]
            raw_start[k] = raw
            raw = end[k]
            u = _at_or_before(place, low, high, end[k] - 1)
            if u >= low:
                raw = union_end[u] + max(end[k] - place[u] - sizes[u], 0)
            raw_end[k] = max(raw, raw_start[k])
    return raw_start, raw_end
