"""The scan of buckets against its plain Python twin, on random buckets cut into random batches."""

import random
import time

import numpy as np
import pyarrow as pa
import pytest
from corpusmill.dedup.frames import Matches
from corpusmill.dedup.scanning import scan_sketches

VALUES = 16


def twin(rows, threshold, limit, first_only):
    """Rows (band, hash, key, low, is_pivot, is_compared) in order: the pairs as (earlier, later, similarity)."""
    pairs, pivots, bucket = [], [], None
    for band, hashed, key, low, is_pivot, is_compared in rows:
        if (band, hashed) != bucket:
            bucket, pivots = (band, hashed), []
        if is_compared:
            similar = [(p, (sum(a == b for a, b in zip(low, q, strict=True)) / VALUES - 1 / 256) * 256 / 255) for p, q in pivots]
            similar = [(p, key, s) for p, s in similar if s >= threshold - 1e-12]
            pairs += similar[:1] if first_only else similar
        if is_pivot and len(pivots) < limit:
            pivots.append((key, low))
    return pairs


def batches(rows, cuts):
    names = ("band", "hash", "key", "evidence", "is_pivot", "is_compared")
    types = (pa.int32(), pa.int64(), pa.binary(), pa.binary(), pa.bool_(), pa.bool_())
    for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        columns = list(zip(*rows[start:end], strict=True)) or [()] * len(names)
        yield pa.RecordBatch.from_arrays([pa.array(c, t) for c, t in zip(columns, types, strict=True)], names=list(names))


def scanned(rows, cuts, threshold, limit, first_only):
    pairs = []
    for batch in scan_sketches(batches(rows, cuts), threshold, limit, first_only):
        assert batch.schema.names == list(Matches.columns())
        pairs += zip(*(column.to_pylist() for column in batch.columns), strict=True)
    return pairs


def random_rows(rng):
    bases = [bytes(rng.randrange(256) for _ in range(VALUES)) for _ in range(3)]
    rows = []
    for _ in range(rng.randint(1, 250)):
        low = bytes(b if rng.random() < 0.85 else rng.randrange(256) for b in rng.choice(bases))
        key = rng.randbytes(24)
        rows.append((rng.randint(0, 1), rng.choice([-5, 0, 2**62]), key, low, rng.random() < 0.8, rng.random() < 0.8))
    return sorted(rows, key=lambda row: row[:3])


@pytest.mark.parametrize("seed", range(60))
def test_equals_twin(seed):
    rng = random.Random(seed)
    rows = random_rows(rng)
    cuts = sorted(rng.randint(0, len(rows)) for _ in range(rng.randint(0, 6)))
    threshold, limit, first_only = rng.choice([0.3, 0.6, 1.0]), rng.choice([1, 2, 5, 64, 65, 10**9]), rng.random() < 0.5
    expected = twin(rows, threshold, limit, first_only)
    assert [(u, v, pytest.approx(s)) for u, v, s in expected] == scanned(rows, cuts, threshold, limit, first_only)


def test_more_pairs_than_one_call_returns():
    """400 equal rows give 79,800 pairs, and more pivots than there was room for at first."""
    rows = [(0, 7, n.to_bytes(24, "big"), b"x" * VALUES, True, True) for n in range(400)]
    pairs = scanned(rows, [150], 0.9, 10**9, False)
    assert len(pairs) == len(set(pairs)) == 400 * 399 // 2
    assert all(u < v and s == 1.0 for u, v, s in pairs)


@pytest.mark.parametrize("alike", [True, False], ids=["alike", "unlike"])
def test_a_large_bucket_takes_linear_time(alike):
    rng = np.random.default_rng(1)

    def seconds(size):
        low = np.zeros((size, 112), dtype=np.uint8) if alike else rng.integers(0, 256, (size, 112), dtype=np.uint8)
        rows = [(0, 7, n.to_bytes(24, "big"), low[n].tobytes(), True, True) for n in range(size)]
        given = list(batches(rows, range(2000, size, 2000)))
        began = time.process_time()
        pairs = sum(batch.num_rows for batch in scan_sketches(iter(given), 0.75, 64, False))
        assert pairs == (64 * (size - 64) + 64 * 63 // 2 if alike else 0)
        return time.process_time() - began

    seconds(100)
    assert min(seconds(40_000) for _ in range(3)) < 8 * min(seconds(10_000) for _ in range(3))
