"""Ordered greedy by cosine equals a plain twin, however members come, and removes no more than SemDeDup as published."""

import numpy as np
import pytest
from corpusmill.semantic import greedy as under_test
from corpusmill.semantic.greedy import ClusterScan
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.semdedup import directions, greedy, published


def scanned(vectors, threshold, sizes=()):
    """{name: (keeper, cosine)}, members given in pieces of these sizes and then the rest."""
    scan, names, found, start = ClusterScan(vectors.shape[1], threshold), [f"d{n}" for n in range(len(vectors))], {}, 0
    for size in (*sizes, len(vectors)):
        piece = slice(start, start + size)
        removed, keepers, values = scan.add(names[piece], vectors[piece])
        found |= {names[start + n]: (k, v) for n, k, v in zip(removed.tolist(), keepers, values.tolist(), strict=True)}
        start += size
    return found


def same(found, expected):
    assert {name: keeper for name, (keeper, _) in found.items()} == {name: keeper for name, (keeper, _) in expected.items()}
    for name, (_, value) in expected.items():
        assert found[name][1] == pytest.approx(value, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10_000), st.integers(0, 60), st.integers(2, 8), st.sampled_from([0.0, 0.5, 0.8, 0.95, 0.99, 1.0]),
    st.lists(st.integers(0, 9), max_size=4), st.integers(1, 7), st.integers(1, 7),
)  # fmt: skip
def test_a_cluster_in_pieces_equals_the_twin(seed, count, size, threshold, pieces, block, kept):
    vectors = directions(seed, count, size, 3, 0.3)
    expected = greedy([(f"d{n}", vector) for n, vector in enumerate(vectors)], threshold)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(under_test, "_BLOCK", block)
        patch.setattr(under_test, "_KEPT", kept)
        patch.setattr(under_test, "_FIRST_ROOM", 1)
        same(scanned(vectors, threshold, pieces), expected)


def test_more_members_than_a_block_and_more_kept_than_the_first_room():
    vectors = directions(1, 700, 6, 300, 0.05)
    expected = greedy([(f"d{n}", vector) for n, vector in enumerate(vectors)], 0.98)
    assert len(vectors) - len(expected) > 256
    same(scanned(vectors, 0.98), expected)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.5, 0.8, 0.95]))
def test_nothing_goes_that_the_published_rule_keeps(seed, threshold):
    vectors = directions(seed, 40, 5, 4, 0.3)
    members = [(f"d{n}", vector) for n, vector in enumerate(vectors)]
    found = scanned(vectors, threshold)
    assert set(found) <= published(members, threshold)
    assert not {keeper for keeper, _ in found.values()} & set(found), "duplicate_of names one that stays"


def test_of_a_chain_the_far_end_stays():
    """SemDeDup's own rule removes the third for its likeness to the second, which is gone: there is nothing left that says what it says."""
    angles = np.array([0.0, 0.3, 0.6])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert published([(f"d{n}", vector) for n, vector in enumerate(vectors)], 0.95) == {"d1", "d2"}
    assert set(scanned(vectors, 0.95)) == {"d1"}
