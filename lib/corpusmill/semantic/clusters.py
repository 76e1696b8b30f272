"""Spherical k-means: clusters of directions, found by Lloyd's rounds from a sample, and the cluster of any vector."""

import io
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corpusmill.carried import Carried
from corpusmill.semantic.vectors import Vectors, cosines, margin, unit

_PRODUCTS = 1 << 24
"""Products of vectors and centroids held at once: 64 MB."""


class Centroids(Carried):
    """Centroids on their way to the executors."""

    def load(self) -> Vectors:
        """float32[k, d]; read once a process."""
        return _load(self)


@lru_cache(maxsize=1)
def _load(carried: Centroids) -> Vectors:
    loaded: Vectors = np.load(io.BytesIO(carried.content()), allow_pickle=False)
    return loaded


def packed(centroids: Vectors, folder: str) -> Centroids:
    """`folder` is where they go when they are too large to be carried."""
    out = io.BytesIO()
    np.save(out, centroids, allow_pickle=False)
    return Centroids.pack(out.getvalue(), folder, ".npy")


def find_centroids(sample: Vectors, count: int, iterations: int) -> Vectors:
    """Centroids float32[k, d] of length 1, k = `count` or as many different vectors as the sample has; n > 0.

    Lloyd's rounds with cosines, the mean scaled to length 1 (Dhillon and Modha 2001, Machine Learning 42). The first centroids are the
    sample's first different vectors: with the sample in an order of hashes that is a random choice, as faiss makes it, and always the same.
    A cluster that loses all its members keeps its centroid. Ends early when no vector moves.
    """
    centroids = _first_different(sample, count)
    before: npt.NDArray[np.int64] | None = None
    for _ in range(iterations):
        cluster, _ = nearest(sample, centroids)
        if before is not None and np.array_equal(cluster, before):
            break
        before = cluster
        _move(sample, cluster, centroids)
    return centroids


def _first_different(sample: Vectors, count: int) -> Vectors:
    seen: dict[bytes, int] = {}
    for number, vector in enumerate(sample):
        if len(seen) == count:
            break
        seen.setdefault(vector.tobytes(), number)
    return sample[list(seen.values())]


def _move(sample: Vectors, cluster: npt.NDArray[np.int64], centroids: Vectors) -> None:
    """Put each centroid into the mean direction of its members, where they have one."""
    order = np.argsort(cluster, kind="stable")
    bounds = np.searchsorted(cluster[order], np.arange(len(centroids) + 1))
    for number in range(len(centroids)):
        members = order[bounds[number] : bounds[number + 1]]
        if members.size:
            mean, has_direction = unit(sample[members].sum(axis=0, dtype=np.float64, keepdims=True))
            if has_direction.size:
                centroids[number] = mean[0]


def nearest(vectors: Vectors, centroids: Vectors) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """(int64[n] the number of the centroid with the greatest cosine, the least of equals; float64[n] that cosine)."""
    places, greatest = np.empty(len(vectors), np.int64), np.empty(len(vectors), np.float64)
    step = max(1, _PRODUCTS // len(centroids))
    for start in range(0, len(vectors), step):
        block = vectors[start : start + step]
        products = block @ centroids.T
        # Two products, each off by the margin.
        close = products >= products.max(axis=1, keepdims=True) - np.float32(2 * margin(vectors.shape[1]))
        rows, columns = np.nonzero(close)
        found = cosines(block, centroids, rows, columns)
        order = np.lexsort((columns, -found, rows))
        first = order[np.searchsorted(rows[order], np.arange(len(block)))]
        places[start : start + step], greatest[start : start + step] = columns[first], found[first]
    return places, greatest
