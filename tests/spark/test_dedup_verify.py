"""Candidates compared by their sets of shingles: the literal definition on random cases, and the job on texts."""

import struct
from dataclasses import replace

import pytest
from corpusmill.dedup.candidates import candidates
from corpusmill.dedup.deciding import Deciding
from corpusmill.dedup.decisions import duplicates
from corpusmill.dedup.document_keys import key_of
from corpusmill.dedup.find_duplicates import FindDuplicates
from corpusmill.job import Run
from corpusmill.ledger import Ledger
from corpusmill.measure.measure_documents import MeasureStage
from corpusmill.pipeline import run_job
from corpusmill.settings import Config, DedupSettings, EditSettings, MeasureSettings, StoreSettings
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.tables import Documents, Signals, Snapshots, Verdicts
from dedup_instances import SCHEMA, THRESHOLD, components, containment, jaccard, random_case, sequential
from dedup_snapshots import UNLIMITED, found
from narrow_rows import document, done, frame
from pyspark.sql import functions as F

pytestmark = pytest.mark.connect

CASES = 400
KEY_TAIL = 17
"""Where a key's doc_id begins in its hexadecimal digits, counted from 1."""


def packed_set(this):
    return struct.pack(f"<{len(set(this.values))}Q", *sorted(set(this.values)))


def decided(spark, store, docs, chosen, evidence):
    """{doc_id: (duplicate_of, similarity, kind)} of one snapshot, compared by their sets in `evidence`."""
    signals = spark.createDataFrame([d.row("s") for d in docs], SCHEMA).repartition(3)
    verdicts = signals.select("snapshot", "doc_id", F.array().cast("array<string>").alias("reasons"))

    def sets_of(keys):
        named = keys.withColumn("doc_id", F.lower(F.substring(F.hex("key"), KEY_TAIL, 32)))
        return named.join(evidence, on="doc_id").select("key", "evidence")

    deciding = Deciding(store.scratch("find_duplicates"), chosen, lambda line: None)
    found = deciding.decide(candidates(signals, verdicts, None, key_of({"s": 0}, chosen.order)), evidence=sets_of)
    return {r.doc_id: (r.duplicate_of, round(r.similarity, 12), r.kind) for r in duplicates(found).collect()}


@pytest.mark.parametrize(("verify", "alike"), [("exact", jaccard), pytest.param("containment", containment, marks=pytest.mark.slow)])
def test_sets_equal_the_sequential_definition(spark, store, verify, alike):
    docs = [d for case in range(CASES) for d in random_case(case)]
    evidence = spark.createDataFrame([(d.doc_id, packed_set(d)) for d in docs], "doc_id string, evidence binary")
    expected = {i: (keeper, round(s, 12), kind) for i, (keeper, s, kind) in sequential(docs, alike=alike).items()}
    chosen = DedupSettings(threshold=THRESHOLD, pivots=UNLIMITED, verify=verify)
    assert decided(spark, store, docs, chosen, evidence) == expected
    assert sum(kind == "near" for _, _, kind in expected.values()) > 500


def test_components_by_sets(spark, store):
    docs = [d for case in range(60) for d in random_case(case)]
    evidence = spark.createDataFrame([(d.doc_id, packed_set(d)) for d in docs], "doc_id string, evidence binary")
    chosen = DedupSettings(threshold=THRESHOLD, pivots=UNLIMITED, verify="exact", method="components")
    expected = {i: (keeper, round(s, 12), kind) for i, (keeper, s, kind) in components(docs, alike=jaccard).items()}
    assert decided(spark, store, docs, chosen, evidence) == expected


WORDS = ("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
         "twenty alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon").split()  # fmt: skip
PAGE = " ".join(WORDS) + "."
LINE = " ".join(WORDS[::-1]) + "."
TEXTS = [
    # snapshot, chunk, text
    (
        "s",
        0,
        PAGE
        + "\n"
        + LINE
        + "\nThis line has no full stop either but more words than that of the other page so that the page comes first in order",
    ),
    ("s", 1, PAGE.replace("ten", "x") + "\n" + LINE + "\nthis line has no full stop and goes by its edit so that it does not count at all"),
    ("s", 0, PAGE),
    ("s", 1, "too short."),
]
THIRD = 3


def shingles(text, words):
    """Of the lines that end in a full stop, as C4's rule leaves them."""
    left = " ".join(line for line in text.split("\n") if line.endswith(".")).replace(".", " ").split()
    return {tuple(left[at : at + words]) for at in range(len(left) - words + 1)}


@pytest.mark.parametrize("verify", ["exact", "containment"])
def test_texts_are_compared_after_their_line_edits(spark, store, verify):
    measured = MeasureSettings(shingle_words=THIRD, bands=30, rows=3)
    docs = [document(n, text, snapshot=snapshot, chunk=chunk) for n, (snapshot, chunk, text) in enumerate(TEXTS)]
    store.replace(Documents, frame(store, Documents, docs), EVERYTHING)
    signals = MeasureStage(edits=EditSettings(lines=("c4",)), measure=measured)(store.read(Documents))
    store.replace(Signals, signals, EVERYTHING)
    verdicts = [{"doc_id": d["doc_id"], "snapshot": "s", "chunk": d["chunk"], "reasons": []} for d in docs]
    store.replace(Verdicts, frame(store, Verdicts, verdicts), EVERYTHING)
    store.replace(Snapshots, store.frame(Snapshots, [("s", 0)]), EVERYTHING)
    dedup = DedupSettings(threshold=0.4, verify=verify)
    run = Run(spark, store, Config(store=StoreSettings(root="unused"), measure=measured, dedup=dedup), Ledger(store), lambda line: None)
    for chunk in (0, 1):
        done(run, Slice("s", chunk), "ingest_documents", "measure_documents", "judge_documents")
        made = run.ledger.entry("measure_documents", Slice("s", chunk))
        run.ledger.record([replace(made, settings=f'{{"measure": {measured.model_dump_json()}}}')])
    assert run_job(FindDuplicates(), run) == 1

    first, second, part = (shingles(text, THIRD) for _, _, text in TEXTS[:3])
    by_exact = {1: len(first & second) / len(first | second), 2: len(first & part) / len(first | part)}
    by_containment = {1: len(first & second) / min(len(first), len(second)), 2: 1.0}
    expected = by_exact if verify == "exact" else by_containment
    answers = {int(i, 16): (int(keeper, 16), similarity) for (_, i), (keeper, similarity, _) in found(store, "s").items()}
    assert answers == {n: (0, round(similarity, 12)) for n, similarity in expected.items()}
