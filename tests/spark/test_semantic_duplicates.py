"""Semantic duplicates over tables: the numpy twin's rows from any partitioning, and the jobs from text to corpus."""

import hashlib
import json

import numpy as np
import pytest
from corpusmill.dedup.order import order_key
from corpusmill.errors import NotReadyError
from corpusmill.scoring.embedders import open_embedder
from corpusmill.semantic.clusters import find_centroids, packed
from corpusmill.semantic.deciding import sample, semantic_duplicates
from corpusmill.semantic.embed_documents import EmbedStage, model_digest
from corpusmill.semantic.frames import Located
from corpusmill.slices import Slice
from corpusmill.tables import Corpus, Documents, Duplicates, Embeddings, SemanticDuplicates, Signals, Verdicts
from narrow_rows import document, duplicate, frame, signal, verdict

from tests.semdedup import directions, semdedup

pytestmark = pytest.mark.connect

COUNT, THRESHOLD = 240, 0.97
MODEL = model_digest("wordllama", 512)


@pytest.fixture(scope="module")
def vectors():
    """Documents around thirty directions."""
    return directions(11, COUNT, 8, 30, 0.2)


def ids():
    return [hashlib.md5(str(number).encode()).hexdigest() for number in range(COUNT)]


def words(number):
    return number * 7 % 13


@pytest.fixture
def located(store, vectors):
    rows = [
        {"doc_id": d, "snapshot": "s", "chunk": n % 3, "key": order_key(0, words(n), d), "vector": vector.tolist()}
        for n, (d, vector) in enumerate(zip(ids(), vectors, strict=True))
    ]
    return frame(store, Located, rows)


@pytest.mark.parametrize(("keep", "partitions"), [("first", 1), ("first", 7), ("hard", 7), ("easy", 7)])
def test_any_partitioning_gives_the_rows_of_the_twin(located, vectors, keep, partitions):
    centroids = find_centroids(vectors, 9, 5)
    in_order = sorted(zip(ids(), vectors, strict=True), key=lambda pair: order_key(0, words(ids().index(pair[0])), pair[0]))
    expected = semdedup(in_order, centroids, THRESHOLD, keep)
    assert 50 < len(expected) < COUNT - 30
    rows = semantic_duplicates(located.repartition(partitions), packed(centroids, ""), THRESHOLD, keep).collect()
    assert {row.doc_id: row.duplicate_of for row in rows} == {name: keeper for name, (keeper, _) in expected.items()}
    for row in rows:
        assert row.similarity == pytest.approx(expected[row.doc_id][1], abs=1e-12)
        assert (row.snapshot, row.chunk) == ("s", ids().index(row.doc_id) % 3)


def test_the_sample_is_bounded_and_the_same_from_any_partitioning(store, vectors):
    rows = [{"doc_id": d, "snapshot": "s", "vector": v.tolist()} for d, v in zip(ids(), vectors, strict=True)]
    made = frame(store, Embeddings, rows)
    whole = sample(made.repartition(1), COUNT, COUNT)
    assert sorted(map(bytes, whole)) == sorted(map(bytes, vectors))
    some = sample(made.repartition(5), COUNT, 40)
    assert 10 < len(some) <= 40
    assert np.array_equal(some, whole[: len(some)])


TEXTS = ["The bees are in the hive.", "out by its verdict", "a copy", "The ship is in the harbour.", "Same digest as before", ""]
DOCUMENTS = [document(number, text) for number, text in enumerate(TEXTS, 1)]


def embedding(of, model, first):
    return {**{name: of[name] for name in ("doc_id", "snapshot", "chunk", "text_digest")}, "model": model, "vector": [first, 0.0]}


def test_documents_still_in_are_embedded_once(store):
    frames = [
        frame(store, table, rows)
        for table, rows in (
            (Documents, DOCUMENTS),
            (Signals, [signal(d) for d in DOCUMENTS]),
            (Verdicts, [verdict(d, *(["short"] if d is DOCUMENTS[1] else [])) for d in DOCUMENTS]),
            (Duplicates, [duplicate(DOCUMENTS[2], DOCUMENTS[0])]),
            (
                Embeddings,
                [
                    embedding(DOCUMENTS[1], MODEL, 3.0), embedding(DOCUMENTS[3], "another", 4.0), embedding(DOCUMENTS[4], MODEL, 5.0),
                    embedding({**DOCUMENTS[0], "text_digest": b"another text"}, MODEL, 6.0),
                ],
            ),
        )
    ]  # fmt: skip
    rows = {int(r.doc_id, 16): r for r in EmbedStage(embedder="wordllama", tokens=512, model=MODEL)(*frames).collect()}
    assert sorted(rows) == [1, 4, 5]
    assert {row.model for row in rows.values()} == {MODEL}
    assert rows[5].vector == [5.0, 0.0], "made by the same model of the same text: taken over"
    made = open_embedder("wordllama").embed([TEXTS[0], TEXTS[3]], 512)
    for number, vector in zip((1, 4), made, strict=True):
        np.testing.assert_allclose(rows[number].vector, vector / np.linalg.norm(vector), atol=1e-6)
        assert rows[number].text_digest == DOCUMENTS[number - 1]["text_digest"]


BEES = "The keeper of the bees has twelve hives in the garden and each of them gives nine jars of honey in the summer"
SAID_AGAIN = "In the summer each of the twelve hives of the bees in the garden gives the keeper nine jars of honey , and has them"
ONCE_MORE = "Nine jars of honey in the summer : the keeper has twelve hives of the bees in the garden and each gives them"
SHIP = "The captain sailed an old ship out of the harbour before the storm broke over the northern sea and the crew slept"
CHAIN = [
    "ingest_documents", "measure_documents", "judge_documents", "find_duplicates", "embed_documents", "find_semantic_duplicates",
    "publish_corpus",
]  # fmt: skip
ON = ["semantic.embedder=wordllama", "semantic.threshold=0.95", "semantic.clusters=1"]


def pages(path, texts):
    path.write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items()))
    return f"ingest.paths={path}"


def test_from_text_to_corpus(run_jobs, store, tmp_path):
    first = pages(tmp_path / "a.jsonl", {"bees": BEES, "again": SAID_AGAIN, "ship": SHIP})
    said = run_jobs(CHAIN, first)
    assert [line for line in said if "embed" in line or "semantic" in line] == [
        "embed_documents: up to date (nothing to do with these settings)", "find_semantic_duplicates: up to date (nothing to do with these settings)"
    ]  # fmt: skip
    assert store.read(Corpus).count() == 3

    said = run_jobs(CHAIN[4:], *ON)
    assert "find_semantic_duplicates: default  3 documents, 1 cluster from 3 vectors" in said
    (row,) = store.read(SemanticDuplicates).collect()
    texts = {r.doc_id: r.text for r in store.read(Documents).collect()}
    longer, shorter = sorted((BEES, SAID_AGAIN), key=lambda text: -len(text.replace(",", "").split()))
    assert (texts[row.doc_id], texts[row.duplicate_of]) == (shorter, longer)
    assert sorted(r.text for r in store.read(Corpus).collect()) == sorted([longer, SHIP])
    assert store.read(Embeddings).count() == 3
    said = run_jobs(CHAIN[4:], *ON)
    assert all("up to date" in line for line in said), said

    # Another snapshot says it once more: of no concern within it, and of all of them with scope global.
    second = pages(tmp_path / "b.jsonl", {"once more": ONCE_MORE})
    run_jobs(CHAIN, second, "ingest.snapshot=later", *ON)
    assert store.read(SemanticDuplicates, Slice("later")).count() == 0
    with pytest.raises(NotReadyError, match=r"with another embedder than semantic\.embedder"):
        run_jobs(["find_semantic_duplicates"], *ON, "semantic.tokens=9")
    said = run_jobs(["find_semantic_duplicates"], *ON, "dedup.scope=global")
    assert "find_semantic_duplicates: all  4 documents, 1 cluster from 4 vectors" in said
    found = {(r.snapshot, r.duplicate_of) for r in store.read(SemanticDuplicates).collect()}
    assert found == {("default", row.duplicate_of), ("later", row.duplicate_of)}

    run_jobs(CHAIN[4:])
    assert store.read(Embeddings).count() == store.read(SemanticDuplicates).count() == 0
    assert store.read(Corpus, Slice("default")).count() == 3
    said = run_jobs(CHAIN[4:])
    assert all("up to date" in line for line in said), said
