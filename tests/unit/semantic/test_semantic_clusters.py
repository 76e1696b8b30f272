"""Spherical k-means equals a plain twin, and nothing depends on how vectors come in blocks."""

import numpy as np
import pytest
from corpusmill.semantic import clusters, vectors
from corpusmill.semantic.clusters import Centroids, find_centroids, nearest, packed
from corpusmill.semantic.vectors import cosines, from_vectors, similar, to_vectors, unit
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.semdedup import cosine, directions, lloyd, nearest_one

SEEDS = st.integers(0, 10_000)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(1, 40), st.integers(1, 9), st.integers(1, 5), st.integers(1, 6))
def test_centroids_are_lloyds(seed, count, size, groups, wanted):
    sample = directions(seed, count, size, groups, 0.4)
    found = find_centroids(sample, wanted, 4)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, lloyd(sample, wanted, 4), atol=1e-6)


def test_clusters_that_are_there_are_found():
    sample = directions(3, 400, 12, 5, 0.02)
    cluster, cosine_to = nearest(sample, find_centroids(sample, 40, 20))
    assert cosine_to.min() > 0.99
    assert len(set(cluster.tolist())) <= 40


def test_no_more_clusters_than_different_vectors():
    sample = np.repeat(directions(1, 3, 4, 3, 0.5), 5, axis=0)
    assert len(find_centroids(sample, 100, 3)) == len(np.unique(sample, axis=0))


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(1, 30), st.integers(1, 9))
def test_the_nearest_centroid(seed, count, wanted):
    found = directions(seed, count, 6, 3, 0.5)
    centroids = directions(seed + 1, wanted, 6, 2, 0.5)
    cluster, near = nearest(found, centroids)
    expected = [nearest_one(vector, centroids) for vector in found]
    assert cluster.tolist() == [number for number, _ in expected]
    np.testing.assert_allclose(near, [value for _, value in expected], atol=1e-12)


def test_the_nearest_of_centroids_that_float32_products_confuse():
    found, one = directions(7, 60, 24, 4, 0.5), directions(8, 4, 24, 4, 0.5)
    draw = np.random.default_rng(9)
    centroids = np.concatenate([one, (one * (1 + 1e-7 * draw.normal(size=one.shape))).astype(np.float32)])
    cluster, _ = nearest(found, centroids)
    assert cluster.tolist() == [nearest_one(vector, centroids)[0] for vector in found]


def test_blocks_change_nothing(monkeypatch):
    found, centroids = directions(5, 200, 33, 6, 0.3), directions(6, 11, 33, 6, 0.3)
    whole = nearest(found, centroids)
    monkeypatch.setattr(clusters, "_PRODUCTS", 40)
    monkeypatch.setattr(vectors, "_PAIRS", 7)
    parts = nearest(found, centroids)
    assert np.array_equal(whole[0], parts[0])
    assert np.array_equal(whole[1], parts[1])


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(1, 300))
def test_a_threshold_is_met_to_the_last_digit(seed, size):
    """float32 products alone are off by 1e-7: a threshold that is some pair's very cosine is met, the next number is not."""
    left, right = directions(seed, 6, size, 2, 0.3), directions(seed + 1, 5, size, 2, 0.3)
    rows, columns = np.divmod(np.arange(30), 5)
    for row, column, value in zip(rows, columns, cosines(left, right, rows, columns), strict=True):
        assert similar(left, right, value)[row, column]
        assert not similar(left, right, np.nextafter(value, 2))[row, column]
        assert value == pytest.approx(cosine(left[row], right[column]), abs=1e-12)


@given(SEEDS)
@example(2)
def test_equal_vectors_have_a_cosine_of_one(seed):
    found = directions(seed, 3, 7, 2, 1.0)
    assert similar(found, found, 1.0).diagonal().all()


def test_vectors_without_direction_are_left_out():
    given_ = np.array([[3, 4], [0, 0], [np.nan, 1], [np.inf, 1], [0, 1e-30]], np.float32)
    found, rows = unit(given_)
    assert rows.tolist() == [0, 4]
    np.testing.assert_allclose(found, [[0.6, 0.8], [0, 1]], rtol=1e-7)


def test_arrow_there_and_back():
    found = directions(1, 5, 3, 2, 1.0)
    column = from_vectors(found)
    assert np.array_equal(to_vectors(column), found)
    assert np.array_equal(to_vectors(column.slice(2, 2)), found[2:4])
    assert len(from_vectors(found[:0])) == 0


def test_vectors_of_two_lengths_are_refused():
    import pyarrow as pa

    with pytest.raises(ValueError, match="vectors of different lengths"):
        to_vectors(pa.array([[1.0], [1.0, 2.0], [1.0, 2.0, 3.0]], pa.list_(pa.float32())))


def test_centroids_travel_inside_or_through_a_file(tmp_path, monkeypatch):
    from corpusmill import carried

    found = directions(1, 5, 3, 2, 1.0)
    inside = packed(found, str(tmp_path))
    assert np.array_equal(inside.load(), found)
    monkeypatch.setattr(carried, "LARGEST_CARRIED", 10)
    beside = packed(found[:4], str(tmp_path))
    assert isinstance(beside, Centroids)
    assert not beside.data
    assert np.array_equal(beside.load(), found[:4])
    assert [path.suffix for path in tmp_path.glob("*.npy")] == [".npy"]
