"""Bits of hashes: all that were put in are found, few others, and repeated ones apart."""

import numpy as np
import pyarrow as pa
from corpusmill.bit_filter import BitFilter, _pieces
from hypothesis import given, settings
from hypothesis import strategies as st

HASHES = st.lists(st.integers(-(2**63), 2**63 - 1), max_size=50)


def made(hashes, bits, repeated=False, batch=7):
    """As make_filter does with one task."""
    batches = (pa.RecordBatch.from_pydict({"hash": pa.array(hashes[at : at + batch], pa.int64())}) for at in range(0, len(hashes), batch))
    words = np.zeros(1 << (bits - 6), np.uint64)
    for piece in _pieces(batches, bits, repeated):
        for first, part in zip(piece.column("first").to_pylist(), piece.column("bits").to_pylist(), strict=True):
            words[first : first + len(part) // 8] |= np.frombuffer(part, np.uint64)
    return BitFilter(bits=bits, data=words.tobytes())


def bits_of(hashed, bits):
    """The plain twin: the word and its three bits."""
    hashed %= 2**64
    return hashed >> (64 - bits + 6), sum({1 << (hashed >> at & 63) for at in (0, 6, 12)})


def twin(hashes, bits, asked):
    words = {}
    for hashed in hashes:
        at, mask = bits_of(hashed, bits)
        words[at] = words.get(at, 0) | mask
    return [words.get(at, 0) & mask == mask for at, mask in (bits_of(hashed, bits) for hashed in asked)]


@settings(deadline=None)
@given(HASHES, HASHES)
def test_equals_twin(hashes, others):
    asked = np.array([*hashes, *others], np.int64)
    found = made(hashes, 18).contains(asked)
    assert found.tolist() == twin(hashes, 18, asked.tolist())
    assert found[: len(hashes)].all()


def test_one_in_100_others_passes():
    rng = np.random.default_rng(0)
    inside, outside = rng.integers(-(2**63), 2**63, (2, 65_536), np.int64)
    chosen = made(inside.tolist(), 20, batch=10_000)
    assert chosen.contains(inside).all()
    assert chosen.contains(outside).mean() < 0.015


def test_repeated_ones_alone():
    rng = np.random.default_rng(1)
    once, twice = rng.integers(-(2**63), 2**63, (2, 20_000), np.int64)
    given_ = rng.permutation(np.concatenate([once, twice, twice]))
    chosen = made(given_.tolist(), 20, repeated=True, batch=10_000)
    assert chosen.contains(twice).all()
    assert chosen.contains(once).mean() < 0.02


def test_nothing_is_in_an_empty_filter():
    assert not made([], 16).contains(np.arange(100, dtype=np.int64)).any()
