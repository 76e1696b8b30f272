"""Sketches as the `signals` table holds them: the values as bytes and one hash a band, both empty where a text has no shingle."""

from typing import Final

import numpy as np
import pyarrow as pa

from corpusmill.kernels.shingles import sketch
from corpusmill.settings import MeasureSettings
from corpusmill.text.batch import TextBatch

SKETCH: Final = pa.struct([("values", pa.binary()), ("bands", pa.list_(pa.int64()))])
"""values: the first `kept_values` as little-endian uint64."""


def sketch_texts(texts: TextBatch, settings: MeasureSettings) -> pa.StructArray:
    """SKETCH[n]; `settings` gives the method, words a shingle, bands, rows and how many values are kept."""
    found = sketch(
        texts.data, texts.offsets, settings.shingle_words, settings.bands, settings.rows, settings.kept_values, settings.sketch
    )  # fmt: skip
    is_sketched = found.shingles > 0
    kept = np.ascontiguousarray(found.values[is_sketched], "<u8")
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(is_sketched)])
    values = pa.Array.from_buffers(
        pa.binary(), texts.n, [None, pa.py_buffer((ends * kept.shape[1] * 8).astype(np.int32)), pa.py_buffer(kept.tobytes())]
    )
    bands = pa.ListArray.from_arrays(pa.array(ends * settings.bands, pa.int32()), pa.array(found.bands[is_sketched].reshape(-1)))
    return pa.StructArray.from_arrays([values, bands], fields=list(SKETCH))
