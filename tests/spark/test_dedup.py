"""Deduplication on frames against the literal sequential definition, over hundreds of packed cases."""

import pytest
from dedup_instances import SCHEMA, THRESHOLD, doc, fresh, path, random_case, sequential
from pyspark.sql import functions as F

from corpusmill.dedup.candidates import candidates
from corpusmill.dedup.decisions import duplicates, history
from corpusmill.dedup.find_duplicates import decide
from corpusmill.settings import DedupSettings

CASES = 400
UNLIMITED = 10**9


def decided_of(spark, store, docs, older=None, ordinal=0, **settings):
    signals = spark.createDataFrame([d.row("s") for d in docs], SCHEMA).repartition(3)
    verdicts = signals.select("doc_id", F.array().cast("array<string>").alias("reasons"))
    chosen = DedupSettings(**{"threshold": THRESHOLD, "pivots": UNLIMITED, **settings})
    return decide(candidates(signals, verdicts, ordinal), older, store.scratch("find_duplicates"), chosen, lambda line: None)


def answers_of(decided):
    return {r.doc_id: (r.duplicate_of, r.similarity, r.kind) for r in duplicates(decided, "s").collect()}


def found(spark, store, docs, **settings):
    return answers_of(decided_of(spark, store, docs, **settings))


def rounded(answers):
    return {doc_id: (keeper, round(similarity, 12), kind) for doc_id, (keeper, similarity, kind) in answers.items()}


@pytest.fixture(scope="module")
def packed():
    docs = [d for case in range(CASES) for d in random_case(case)] + path(CASES, 10_000)
    return docs, sequential(docs)


@pytest.fixture
def partitions(spark):
    """Sets the number of shuffle partitions, and keeps Spark from uniting them."""
    names = ("spark.sql.shuffle.partitions", "spark.sql.adaptive.coalescePartitions.enabled")
    before = {name: spark.conf.get(name) for name in names}

    def choose(number):
        spark.conf.set(names[0], str(number))
        spark.conf.set(names[1], "false")

    yield choose
    for name, value in before.items():
        spark.conf.set(name, value)


@pytest.mark.connect
@pytest.mark.parametrize("number", [1, 7, 64])
def test_equals_sequential_definition(spark, store, packed, partitions, number):
    partitions(number)
    docs, expected = packed
    assert rounded(found(spark, store, docs)) == rounded(expected)
    kinds = [kind for _, _, kind in expected.values()]
    assert kinds.count("near") > 5500
    assert kinds.count("exact") > 50


@pytest.mark.connect
def test_peeling_and_more_leader_rounds_change_nothing(spark, store, packed):
    docs = packed[0][:-10_000]
    assert rounded(found(spark, store, docs, edge_limit=1)) == rounded(sequential(docs))
    assert store.scratch("find_duplicates").has("peeled_0")
    assert store.scratch("find_duplicates").has("members_1")


@pytest.mark.connect
def test_few_pivots_miss_pairs_but_name_kept_documents(spark, store):
    """One bucket of six, all unlike the first; the last two are near each other alone, and come after the pivots."""
    values = [fresh_in_bucket(seed) for seed in range(5)]
    docs = [doc(1, number, 100 - number, v) for number, v in enumerate([*values, nearly(values[-1])])]
    assert found(spark, store, docs, pivots=2) == {}
    assert set(found(spark, store, docs, pivots=4)) == {docs[-1].doc_id}


def fresh_in_bucket(seed):
    """A sketch whose first band is everybody's and whose others nobody's."""
    import random

    return [1, 2, 3, *fresh(random.Random(seed))[3:]]


def nearly(values):
    """Shares ten of fifteen values with `values`, and no band but the first."""
    return [value + (position % 3 == 2 and position > 2) for position, value in enumerate(values)]


@pytest.mark.connect
def test_distinct_lose_nothing_identical_lose_one_short_texts_only_exactly(spark, store):
    """reference/corpus.md section 4, rows 1 and 2: texts too short for a sketch do not collapse to one."""
    import random

    sketched = [doc(1, n, 50, fresh(random.Random(n))) for n in range(20)]
    twice = [doc(2, n, 9, fresh(random.Random(99)), text="twice") for n in range(2)]
    short = [doc(3, n, 2, [], text=text) for n, text in enumerate(["a", "b", "hello there", "hello there"])]
    answers = found(spark, store, [*sketched, *twice, *short])
    assert len(answers) == 2
    assert {frozenset((i, keeper)) for i, (keeper, _, _) in answers.items()} == {ids(twice), ids(short[2:])}
    assert {(similarity, kind) for _, similarity, kind in answers.values()} == {(1.0, "exact")}


def ids(docs):
    return frozenset(d.doc_id for d in docs)


@pytest.mark.connect
def test_exact_duplicates_across_snapshots(spark, store):
    """A copy of an earlier snapshot's kept document goes; a near duplicate of one stays, as near ones are found per snapshot."""
    import random

    values = fresh(random.Random(5))
    old = doc(1, 0, 10, values, text="a")
    copy, near, own = doc(1, 1, 99, values, text="a"), doc(1, 2, 98, values, text="b"), doc(1, 3, 97, values, text="c")
    older = history(decided_of(spark, store, [old]), "first")
    store.scratch("kept").write("history", older)
    answers = found(spark, store, [copy, near, own], older=store.scratch("kept").read("history"), ordinal=1)
    assert answers == {copy.doc_id: (old.doc_id, 1.0, "exact"), own.doc_id: (near.doc_id, 1.0, "near")}
    assert sequential([copy, near, own], history={old.text: old.doc_id}) == answers


@pytest.mark.connect
def test_documents_with_a_reason_take_no_part_and_none_at_all_is_fine(spark, store):
    docs = [doc(1, n, 10 - n, [], text="same") for n in range(3)]
    signals = spark.createDataFrame([d.row("s") for d in docs], SCHEMA)
    has_reason = F.col("doc_id") == docs[0].doc_id
    reasons = F.when(has_reason, F.array(F.lit("language"))).otherwise(F.array().cast("array<string>"))
    verdicts = signals.select("doc_id", reasons.alias("reasons"))
    scratch = store.scratch("find_duplicates")
    decided = decide(candidates(signals, verdicts, 0), None, scratch, DedupSettings(), lambda line: None)
    assert answers_of(decided) == {docs[2].doc_id: (docs[1].doc_id, 1.0, "exact")}
    none = candidates(signals.where("false"), verdicts, 0)
    assert decide(none, None, scratch, DedupSettings(), lambda line: None).count() == 0


def test_one_bucket_of_unlike_pages_and_one_of_alike_are_linear(spark, store):
    pass
