"""MinHash sketches as the `signals` table holds them: the values as bytes and one hash a band, both empty where a text has no shingle."""

from typing import Final

import numpy as np
import pyarrow as pa

from corpusmill.kernels.minhash import band_hashes, sketch
from corpusmill.settings import MeasureSettings
from corpusmill.text.batch import TextBatch

SKETCH: Final = pa.struct([("values", pa.binary()), ("bands", pa.list_(pa.int64()))])
"""values: bands * rows little-endian uint64."""


def sketch_texts(texts: TextBatch, settings: MeasureSettings) -> pa.StructArray:
    """SKETCH[n]; `settings` gives words a shingle, bands and rows."""
    minima, shingles = sketch(texts.data, texts.offsets, settings.shingle_words, settings.bands * settings.rows)
    is_sketched = shingles > 0
    kept = np.ascontiguousarray(minima[is_sketched], "<u8")
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(is_sketched)])
    values = pa.Array.from_buffers(
        pa.binary(), texts.n, [None, pa.py_buffer((ends * kept.shape[1] * 8).astype(np.int32)), pa.py_buffer(kept.tobytes())]
    )
    bands = pa.ListArray.from_arrays(pa.array(ends * settings.bands, pa.int32()), pa.array(band_hashes(kept, settings.bands).reshape(-1)))
    return pa.StructArray.from_arrays([values, bands], fields=list(SKETCH))
