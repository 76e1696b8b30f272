"""The scan of buckets by sets against its plain Python twin: random buckets, random batches, and rooms that are too small at first."""

import random
import time
from fractions import Fraction

import numpy as np
import pytest
from corpusmill.kernels.set_scans import _common, _least_common, _similarity, scan_set_buckets
from hypothesis import given, settings
from hypothesis import strategies as st

THRESHOLDS = [-1.0, 0.0, 0.1, 1 / 3, 0.5, 2 / 3, 0.75, 0.8, 0.9, 1.0]


def similarity(a, b, of_smaller):
    whole = min(len(a), len(b)) if of_smaller else len(a | b)
    return len(a & b) / whole if whole else 0.0


def twin(rows, threshold, of_smaller, limit, first_only):
    """Rows (band, hash, key, set, is_pivot, is_compared) in order: the pairs as (earlier, later, similarity)."""
    pairs, pivots, bucket = [], [], None
    for band, hashed, key, own, is_pivot, is_compared in rows:
        if (band, hashed) != bucket:
            bucket, pivots = (band, hashed), []
        if is_compared:
            found = [(earlier, key, similarity(own, other, of_smaller)) for earlier, other in pivots]
            found = [pair for pair in found if pair[2] >= threshold]
            pairs += found[:1] if first_only else found
        if is_pivot and len(pivots) < limit:
            pivots.append((key, own))
    return pairs


class Scan:
    """Calls the kernel as deduplication does: what is too small is doubled."""

    def __init__(self, pivots=1, values=1, pairs=1):
        self.bucket = np.array([-1, 0, 0])
        self.keys, self.first = np.zeros((pivots, 3), np.uint64), np.zeros(pivots + 1, np.int64)
        self.values, self.pairs = np.zeros(values, np.uint64), pairs

    def grow(self, size):
        count = self.bucket[2]
        if count == len(self.keys):
            self.keys = np.concatenate([self.keys, self.keys])
            self.first = np.concatenate([self.first, np.zeros(len(self.first) - 1, np.int64)])
        elif self.first[count] + size > len(self.values):
            self.values = np.concatenate([self.values, np.zeros_like(self.values)])

    def scan(self, rows, *how):
        band, hashed, keys, sets, is_pivot, is_compared = zip(*rows, strict=True)
        band, hashed = np.array(band, np.int32), np.array(hashed, np.int64)
        matrix = np.array([np.frombuffer(key, np.uint64) for key in keys])
        first = np.cumsum([0, *map(len, sets)])
        values = np.array([h for found in sets for h in sorted(found)], np.uint64)
        flags, row, found = (np.array(is_pivot), np.array(is_compared)), 0, []
        while row < len(rows):
            size = max(self.pairs, len(self.keys))
            earlier, later, share = np.zeros((size, 3), np.uint64), np.zeros(size, np.int64), np.zeros(size)
            row, pairs = scan_set_buckets(
                band,
                hashed,
                matrix,
                first,
                values,
                *flags,
                row,
                *how,
                self.bucket,
                self.keys,
                self.first,
                self.values,
                earlier,
                later,
                share,
            )
            found += zip([key.tobytes() for key in earlier[:pairs]], [keys[k] for k in later[:pairs]], share[:pairs].tolist(), strict=True)
            if row < len(rows):
                self.grow(len(sets[row]))
        return found


def random_rows(choose):
    universe = [choose.getrandbits(64) for _ in range(40)] + [0, 2**64 - 1]
    bases = [choose.sample(universe, choose.randrange(1, 42)) for _ in range(3)]
    rows = []
    for _ in range(choose.randint(1, 120)):
        kept = {h for h in choose.choice(bases) if choose.random() < 0.85} | set(choose.sample(universe, choose.randrange(3)))
        where = choose.randint(0, 1), choose.choice([-5, 0, 2**62])
        rows.append((*where, choose.randbytes(24), kept, choose.random() < 0.8, choose.random() < 0.8))
    return sorted(rows, key=lambda row: row[:3])


@pytest.mark.parametrize("seed", range(60))
def test_equals_twin(seed):
    choose = random.Random(seed)
    rows = random_rows(choose)
    cuts = sorted(choose.randint(0, len(rows)) for _ in range(choose.randint(0, 6)))
    how = choose.choice(THRESHOLDS), choose.random() < 0.5, choose.choice([1, 2, 5, 10**9]), choose.random() < 0.5
    scan = Scan(pairs=choose.choice([1, 7, 1000]))
    found = []
    for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        found += scan.scan(rows[start:end], *how) if start < end else []
    assert found == twin(rows, *how)


members = st.sets(st.integers(0, 60), max_size=50)


@given(members, members, st.one_of(st.sampled_from(THRESHOLDS), st.floats(0, 1)), st.booleans())
@settings(max_examples=500, deadline=None)
def test_a_pair_comes_out_exactly_where_it_reaches_the_threshold(a, b, threshold, of_smaller):
    rows = [(0, 0, b"a" * 24, a, True, True), (0, 0, b"b" * 24, b, True, True)]
    assert Scan().scan(rows, threshold, of_smaller, 64, False) == twin(rows, threshold, of_smaller, 64, False)


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7), st.booleans())
@settings(max_examples=500, deadline=None)
def test_the_least_common_members_are_the_least_at_similarities_that_sets_can_have(size, other, common, whole, of_smaller):
    threshold = min(common, whole) / max(common, whole, 1)
    least = _least_common(size, other, threshold, of_smaller)
    assert 0 <= least <= min(size, other) + 1
    assert least == min(size, other) + 1 or _similarity(least, size, other, of_smaller) >= threshold
    assert least == 0 or _similarity(least - 1, size, other, of_smaller) < threshold


def test_similarities_are_the_nearest_floats():
    assert _similarity(3, 5, 7, False) == float(Fraction(3, 9))
    assert _similarity(3, 5, 7, True) == float(Fraction(3, 5))
    assert _similarity(0, 0, 0, False) == _similarity(0, 0, 4, True) == 0.0


def test_sets_apart_are_left_early():
    """Of two million hashes that alternate none is common: the threshold is out of reach after a quarter of each."""
    a, b = (np.arange(start, 4_000_000, 2, dtype=np.uint64) for start in (0, 1))

    def seconds(least):
        began = time.process_time()
        assert _common(a, b, least) == 0
        return time.process_time() - began

    seconds(1)
    assert 2 * min(seconds(1_500_000) for _ in range(5)) < min(seconds(0) for _ in range(5))


def test_a_large_bucket_takes_linear_time():
    values = np.random.default_rng(1).integers(0, 2**63, 30).astype(np.uint64).tolist()

    def seconds(size):
        rows = [(0, 7, n.to_bytes(24, "big"), set(values), True, True) for n in range(size)]
        scan, spent = Scan(64, 64 * 30, 1 << 20), 0.0
        for start in range(0, size, 2000):
            began = time.process_time()
            found = scan.scan(rows[start : start + 2000], 0.75, False, 64, True)
            spent += time.process_time() - began
            assert len(found) == 2000 - (start == 0)
        return spent

    seconds(2000)
    assert min(seconds(24_000) for _ in range(2)) < 8 * min(seconds(6_000) for _ in range(2))
