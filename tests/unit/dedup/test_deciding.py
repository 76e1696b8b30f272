"""The last step in order: who goes, from edges sorted by (later, earlier)."""

import random

import pyarrow as pa
import pytest
from corpusmill.dedup.graph import _decide


def key(number):
    return number.to_bytes(24, "big")


def decided(edges, batch=7):
    rows = sorted((later, earlier) for earlier, later in edges)
    batches = [
        pa.RecordBatch.from_pydict({"later": [key(v) for v, _ in part], "earlier": [key(u) for _, u in part]})
        for part in (rows[i : i + batch] for i in range(0, len(rows), batch))
    ]
    return sorted(int.from_bytes(v, "big") for found in _decide(iter(batches)) for v in found.column("later").to_pylist())


def greedy(edges, size):
    removed = set()
    for v in range(size):
        if any(u not in removed for u, w in edges if w == v):
            removed.add(v)
    return sorted(removed)


@pytest.mark.parametrize("seed", range(30))
def test_equals_greedy_on_random_graphs(seed):
    rng = random.Random(seed)
    size = rng.randint(2, 40)
    edges = {tuple(sorted(rng.sample(range(size), 2))) for _ in range(rng.randint(1, 2 * size))}
    assert decided(edges) == greedy(edges, size)


def test_every_second_document_of_a_path_goes():
    assert decided([(i, i + 1) for i in range(10_000)], batch=1000) == list(range(1, 10_001, 2))


def test_star_and_bridge():
    assert decided([(0, i) for i in range(1, 50)]) == list(range(1, 50))
    assert decided([(0, 1), (1, 2)]) == [1], "the last is similar to a removed document only"
