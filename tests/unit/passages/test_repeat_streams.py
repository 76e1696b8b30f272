"""The two streams over sorted rows give the same wherever batches are cut, and what a plain twin gives."""

import random
from itertools import groupby, pairwise

import pyarrow as pa
import pytest
from corpusmill.passages.frames import Candidates, Repeats
from corpusmill.passages.repeats import _later, _united

from tests.passage_twins import united

CANDIDATES = pa.schema(
    [("hash", pa.int64()), ("second", pa.int64()), ("key", pa.binary()), ("kind", pa.int32()), ("start", pa.int64()), ("end", pa.int64())]
)
REPEATS = pa.schema([("key", pa.binary()), ("kind", pa.int32()), ("start", pa.int64()), ("end", pa.int64())])


def batches(rng, rows, schema):
    """The rows in batches cut anywhere, some of them empty."""
    cuts = sorted([0, len(rows), *(rng.randint(0, len(rows)) for _ in range(rng.randint(0, 6)))])
    for a, b in pairwise(cuts):
        yield pa.RecordBatch.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows[a:b]], schema=schema)


def listed(found, names):
    return [tuple(row[name] for name in names) for part in found for row in part.to_pylist()]


def test_the_columns_are_those_of_the_frames():
    assert CANDIDATES.names == list(Candidates.columns())
    assert REPEATS.names == list(Repeats.columns())


@pytest.mark.parametrize("seed", range(60))
def test_later_ones_go(seed):
    rng = random.Random(seed)
    rows = []
    for _ in range(rng.randint(0, 40)):
        start = rng.randint(0, 12)
        rows.append((rng.randint(-1, 1), rng.randint(0, 1), bytes([rng.randint(0, 2)]), 0, start, start + 5))
    rows = sorted(set(rows))
    expected = []
    for _, group in groupby(rows, key=lambda row: row[:2]):
        first, *others = group
        expected += [row[2:] for row in others if row[2] != first[2] or row[4] >= first[5]]
    assert listed(_later(batches(rng, rows, CANDIDATES)), REPEATS.names) == expected


@pytest.mark.parametrize("seed", range(60))
def test_spans_are_united(seed):
    rng = random.Random(seed)
    rows = []
    for _ in range(rng.randint(0, 40)):
        start = rng.randint(0, 60)
        rows.append((bytes([rng.randint(0, 2)]), rng.randint(0, 1), start, start + rng.randint(1, 9)))
    rows = sorted(rows)
    expected = []
    for (key, kind), group in groupby(rows, key=lambda row: row[:2]):
        expected += [(key, kind, *span) for span in united([row[2:] for row in group])]
    assert listed(_united(batches(rng, rows, REPEATS)), REPEATS.names) == expected
