"""Record batches cut to a size that kernels work on in bounded memory."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from corpusmill.text.batch import byte_view

PORTION_BYTES = 16_000_000
"""Kernels make about ten times the text in arrays; with 16 MB of it a worker stays far below the serverless limit of 1 GB."""


def portions(batches: Iterator[pa.RecordBatch], text: str, limit: int = PORTION_BYTES) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of at most `limit` bytes in the column `text`, but for a single text that is longer. Empty batches go."""
    for batch in batches:
        _, offsets = byte_view(batch.column(text))
        start = 0
        while start < batch.num_rows:
            fits = int(np.searchsorted(offsets, offsets[start] + limit, side="right")) - 1
            end = max(start + 1, fits)
            yield batch.slice(start, end - start)
            start = end
