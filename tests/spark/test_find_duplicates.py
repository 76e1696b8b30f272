"""The job find_duplicates over two snapshots: what it reads, writes, and does again."""

import pytest
from corpusmill.dedup.find_duplicates import FindDuplicates
from corpusmill.pipeline import run_job
from corpusmill.slices import Slice
from corpusmill.tables import Duplicates, History
from dedup_instances import changed, doc, fresh, sequential
from dedup_snapshots import found, judged_anew, open_run, put
from pyspark.sql import functions as F

pytestmark = pytest.mark.connect


def documents(rng):
    """Two snapshots, the later one earlier by name: copies within and across, near ones within and across."""
    values, other = fresh(rng), fresh(rng)
    first = [doc(1, 0, 50, values, "a"), doc(1, 1, 40, values, "a"), doc(1, 2, 30, changed(rng, values, 3), "b"), doc(1, 3, 20, other, "c")]
    second = [doc(2, 0, 99, other, "x"), doc(2, 1, 98, changed(rng, other, 2), "y"), doc(2, 2, 97, [], "z"), doc(2, 3, 96, [], "z")]
    copy = doc(1, 4, 95, values, "a")
    return first, [*second, copy]


@pytest.fixture
def run(spark, store):
    return open_run(spark, store, ["z", "a"])


def decided(store, snapshot):
    return {i: (keeper, kind) for (_, i), (keeper, _, kind) in found(store, snapshot).items()}


def dying(store, on):
    """The store's `replace`, which fails when the duplicates of a snapshot are to be written."""
    replace = store.replace

    def dies(table, frame, piece):
        if table is Duplicates and piece.snapshot == on:
            raise RuntimeError("lost the machine")
        replace(table, frame, piece)

    return dies


def test_two_snapshots_are_decided_in_the_order_of_their_ingest(run, store, rng, monkeypatch):
    first, second = documents(rng)
    put(run, "z", first)
    put(run, "a", second)
    monkeypatch.setattr(store, "replace", dying(store, on="a"))
    with pytest.raises(RuntimeError):
        run_job(FindDuplicates(), run)
    monkeypatch.undo()
    assert run_job(FindDuplicates(), run) == 1, "the first snapshot is done, the second broke off between its two commits"

    in_first = sequential(first)
    kept = {d.text: d.doc_id for d in first if d.doc_id not in in_first}
    in_second = sequential(second, history=kept)
    assert decided(store, "z") == {i: (keeper, kind) for i, (keeper, _, kind) in in_first.items()}
    assert decided(store, "a") == {i: (keeper, kind) for i, (keeper, _, kind) in in_second.items()}
    assert sorted(kind for _, kind in decided(store, "a").values()) == ["exact", "exact", "near"], "near ones across snapshots stay"
    history = {bytes(row.hash) for row in store.read(History, Slice("z")).where(F.col("band") == -1).collect()}
    assert history == set(kept)
    assert store.read(History).count() == len(first) + len(second) - len(in_first) - len(in_second)
    assert not store.scratch("find_duplicates").has("members_0")
    assert run_job(FindDuplicates(), run) == 0

    # Judged anew, the original of the second snapshot's copy is out: then the copy stays, after one run of the job.
    put(run, "z", first, out=[d for d in first if d.text == first[0].text])
    judged_anew(run, "z")
    assert run_job(FindDuplicates(), run) == 2
    assert decided(store, "z") == {}
    assert second[-1].doc_id not in decided(store, "a")


def test_no_documents_are_fine(run, store):
    put(run, "z", [])
    assert run_job(FindDuplicates(), run) == 1
    assert decided(store, "z") == {}


@pytest.fixture
def rng():
    import random

    return random.Random(4)
