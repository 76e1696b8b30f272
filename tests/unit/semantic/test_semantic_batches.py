"""What runs inside Spark's workers, on Arrow batches of any size."""

import numpy as np
import pyarrow as pa
import pytest
from corpusmill.semantic.clusters import find_centroids, packed
from corpusmill.semantic.deciding import _place, _scan
from corpusmill.semantic.embed_documents import embedded_rows, model_digest
from corpusmill.semantic.frames import Placed
from corpusmill.semantic.vectors import from_vectors
from corpusmill.tables import Embeddings, SemanticDuplicates

from tests.semdedup import directions, semdedup

COUNT, THRESHOLD = 150, 0.97


def located(vectors):
    numbers = list(range(len(vectors)))
    return pa.RecordBatch.from_pydict(
        {
            "doc_id": [f"d{n}" for n in numbers], "snapshot": ["s"] * len(numbers), "chunk": pa.array(numbers, pa.int32()),
            "key": [n.to_bytes(4, "big") for n in numbers], "vector": from_vectors(vectors),
        }
    )  # fmt: skip


def cut(batch, size):
    """An empty batch, then those of `size` rows."""
    return iter([batch.slice(0, 0), *(batch.slice(start, size) for start in range(0, batch.num_rows, size))])


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("keep", ["first", "hard", "easy"])
def test_batches_of_any_size_give_the_rows_of_the_twin(keep, size):
    vectors = directions(4, COUNT, 8, 20, 0.2)
    centroids = find_centroids(vectors, 6, 5)
    expected = semdedup([(f"d{n}", vector) for n, vector in enumerate(vectors)], centroids, THRESHOLD, keep)
    assert 20 < len(expected) < COUNT - 20
    placed = pa.Table.from_batches(list(_place(cut(located(vectors), size), packed(centroids, ""), keep)))
    assert placed.schema.names == list(map(str, Placed.columns()))
    ordered = placed.sort_by([(str(c), "ascending") for c in (Placed.cluster, Placed.place, Placed.key)]).combine_chunks()
    rows = pa.Table.from_batches(list(_scan(cut(ordered.to_batches()[0], size), THRESHOLD)))
    assert rows.schema.names == list(map(str, SemanticDuplicates.columns()))
    found = {row["doc_id"]: (row["duplicate_of"], row["chunk"]) for row in rows.to_pylist()}
    assert found == {name: (keeper, int(name[1:])) for name, (keeper, _) in expected.items()}
    for row in rows.to_pylist():
        assert row["similarity"] == pytest.approx(expected[row["doc_id"]][1], abs=1e-12)


class Lengths:
    """An embedder of two values, the lengths of a text in characters and in words."""

    sha256, size = "lengths", 2

    def embed(self, texts, tokens):
        return np.array([[len(t[:tokens]), len(t[:tokens].split())] for t in texts], np.float32).reshape(-1, 2)


def test_rows_of_embeddings_are_of_length_one_and_none_is_without_direction():
    batch = pa.RecordBatch.from_pydict(
        {
            "doc_id": ["a", "b", "c"], "snapshot": ["s"] * 3, "chunk": pa.array([1, 2, 3], pa.int32()), "text_digest": [b"1", b"2", b"3"],
            "text": ["aa bb", "", "cccc"],
        }
    )  # fmt: skip
    rows = embedded_rows(batch, Lengths(), 4, "m")
    assert rows.schema.names == list(map(str, Embeddings.columns()))
    assert [(r["doc_id"], r["chunk"], r["text_digest"], r["model"]) for r in rows.to_pylist()] == [("a", 1, b"1", "m"), ("c", 3, b"3", "m")]
    np.testing.assert_allclose(rows.column("vector").to_pylist(), np.array([[4, 2], [4, 1]]) / np.sqrt([[20], [17]]), rtol=1e-6)
    assert embedded_rows(batch.slice(1, 1), Lengths(), 4, "m").num_rows == 0


def test_the_model_is_the_embedder_and_how_much_it_looks_at():
    assert model_digest("", 512) == "off"
    assert len({model_digest("wordllama", 512), model_digest("wordllama", 256)}) == 2
