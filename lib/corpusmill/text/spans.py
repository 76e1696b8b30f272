"""Edits to texts as Arrow arrays: sorted lists of (start, end, replacement, reason) a document, made, merged, applied and mapped back."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpusmill.kernels import rewrite
from corpusmill.text.batch import Offsets, byte_view

EDIT: Final = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("replacement", pa.string()), ("reason", pa.string())])
"""One edit: bytes [start, end) of the document, on code-point boundaries; replacement null is a deletion."""
EDITS: Final = pa.list_(EDIT)
"""The edits of one document, sorted by start."""


def no_edits(n: int) -> pa.ListArray:
    """Empty lists for n documents."""
    return make_edits(np.zeros(n + 1, np.int64), np.empty(0, np.int64), np.empty(0, np.int64), None, "")


def make_edits(first: Offsets, start: Offsets, end: Offsets, replacement: pa.Array | str | None, reason: pa.Array | str) -> pa.ListArray:
    """Lists of edits: document d has rows first[d] to first[d + 1]. `start`, `end`: int64[m], bytes from the document's start.

    `replacement` and `reason`: one for all, or an array of m. The rows of a document must be sorted by start.
    """
    m = len(start)
    texts = replacement if isinstance(replacement, pa.Array) else pa.array([replacement], pa.string()).take(pa.array(np.zeros(m, np.int64)))
    reasons = reason if isinstance(reason, pa.Array) else pa.array([reason], pa.string()).take(pa.array(np.zeros(m, np.int64)))
    columns = [pa.array(start, pa.int64()), pa.array(end, pa.int64()), texts.cast(pa.string()), reasons.cast(pa.string())]
    values = pa.StructArray.from_arrays(columns, fields=list(EDIT))
    return pa.ListArray.from_arrays(pa.array(np.asarray(first), pa.int32()), values, type=EDITS)


def list_offsets(lists: pa.ListArray) -> Offsets:
    """int64[n+1]: where each list begins in lists.flatten(); a null list is an empty one."""
    lengths = pc.list_value_length(lists).fill_null(0).to_numpy(zero_copy_only=False)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])


def _integers(values: pa.StructArray, name: str) -> Offsets:
    column = values.field(name)
    return np.ascontiguousarray(column.to_numpy(zero_copy_only=False), np.int64)


def _sorted(first: Offsets, values: pa.StructArray) -> pa.StructArray:
    """The edits of each document by (start, end), equal ones in the order they were in. Sorted ones are only looked at."""
    document = np.repeat(np.arange(first.size - 1), np.diff(first))
    start, end = _integers(values, "start"), _integers(values, "end")
    later = np.diff(document) > 0
    ordered = later | (np.diff(start) > 0) | ((np.diff(start) == 0) & (np.diff(end) >= 0))
    return values if ordered.all() else values.take(pa.array(np.lexsort((end, start, document))))


def merge_edits(*edits: pa.ListArray) -> pa.ListArray:
    """All edits of each document in one array, sorted by (start, end); equal spans stay in the order of the arguments."""
    if len(edits) == 1:
        return edits[0]
    firsts = [list_offsets(part) for part in edits]
    documents = [np.repeat(np.arange(first.size - 1), np.diff(first)) for first in firsts]
    together = np.argsort(np.concatenate(documents), kind="stable")
    values = pa.concat_arrays([part.flatten().cast(EDIT) for part in edits]).take(pa.array(together))
    first = np.sum(firsts, axis=0)
    return pa.ListArray.from_arrays(pa.array(first, pa.int32()), _sorted(first, values), type=EDITS)


class EditView:
    """Texts with their edits applied, and the way back from a place in them to the place it came from."""

    def __init__(self, texts: pa.Array, edits: pa.ListArray) -> None:
        """`texts`: n strings without nulls; `edits`: n lists, in any order inside a document."""
        data, offsets = byte_view(texts)
        self._first = list_offsets(edits)
        if self._first[-1] == 0:
            self.texts: pa.Array = texts
            return
        values = _sorted(self._first, edits.flatten())
        replacement = values.field("replacement")
        deletes = np.asarray(replacement.is_null().to_numpy(zero_copy_only=False))
        words, word_offsets = byte_view(replacement.fill_null(""))
        self._check(offsets, values)
        self._first, self._start, self._end, choice = rewrite.unite(
            self._first, _integers(values, "start"), _integers(values, "end"), deletes, words, word_offsets
        )
        self._sizes = rewrite.replacement_sizes(choice, word_offsets)
        out, out_offsets, self._place = rewrite.rewrite(data, offsets, self._first, self._start, self._end, choice, words, word_offsets)
        self.texts = _string_array(out, out_offsets, texts.type)

    def _check(self, offsets: Offsets, values: pa.StructArray) -> None:
        """ValueError for an edit that reaches out of its document: applying it would write past the buffers."""
        sizes = np.repeat(np.diff(offsets), np.diff(self._first))
        start, end = _integers(values, "start"), _integers(values, "end")
        wrong = np.flatnonzero((start < 0) | (end < start) | (end > sizes))
        if wrong.size:
            k = wrong[0]
            raise ValueError(
                f"edit [{start[k]}, {end[k]}) does not lie in its document of {sizes[k]} bytes: it was measured on another text"
            )

    def to_raw(self, edits: pa.ListArray) -> pa.ListArray:
        """Edits on the edited texts, in coordinates of the original ones.

        One that touches a replacement covers all that was replaced; one that ends or begins where something was deleted does not cover that.
        """
        if self._first[-1] == 0 or len(edits.flatten()) == 0:
            return edits
        first, values = list_offsets(edits), edits.flatten()
        start, end = rewrite.map_back(
            first, _integers(values, "start"), _integers(values, "end"), self._first, self._start, self._end, self._place, self._sizes
        )
        return make_edits(first, start, end, values.field("replacement"), values.field("reason"))


def _string_array(data: npt.NDArray[np.uint8], offsets: Offsets, kind: pa.DataType) -> pa.Array:
    """The bytes as a string or large_string array. OverflowError where a string array cannot hold them."""
    large = pa.types.is_large_string(kind)
    if not large and offsets[-1] > np.iinfo(np.int32).max:
        raise OverflowError(f"{offsets[-1]} bytes do not fit a string array; use large_string or smaller batches")
    positions = offsets if large else offsets.astype(np.int32)
    return pa.Array.from_buffers(kind, offsets.size - 1, [None, pa.py_buffer(positions), pa.py_buffer(data)])


def apply_edits(texts: pa.Array, edits: pa.ListArray) -> pa.Array:
    """The edited texts, of the type of `texts`.

    Overlapping edits are united; a union with a deletion is deleted, else its longest replacement stands for it (of two as long, the one that
    sorts first).
    """
    return EditView(texts, edits).texts
