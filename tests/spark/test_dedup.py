"""Deduplication against the literal sequential definition: hundreds of cases packed into one frame, and the job over two snapshots."""

import pytest
from corpusmill.dedup.candidates import candidates
from corpusmill.dedup.deciding import Deciding
from corpusmill.dedup.decisions import duplicates
from corpusmill.dedup.document_keys import key_of
from corpusmill.dedup.order import doc_id_column, order_key, order_key_column
from corpusmill.settings import DedupSettings
from dedup_instances import SCHEMA, THRESHOLD, components, distinct, path, random_case, sequential, short_texts, twins_in_a_bucket
from pyspark.sql import functions as F

pytestmark = pytest.mark.connect

CASES = 400
PATH = 10_000
UNLIMITED = 10**9
NUMBERS = [7, *(pytest.param(number, marks=pytest.mark.slow) for number in (1, 64))]
"""Of partitions."""


def found(spark, store, docs, **settings):
    """{doc_id: (duplicate_of, similarity, kind)} of one snapshot."""
    signals = spark.createDataFrame([d.row("s") for d in docs], SCHEMA).repartition(3)
    verdicts = signals.select("snapshot", "doc_id", F.array().cast("array<string>").alias("reasons"))
    chosen = DedupSettings(**{"threshold": THRESHOLD, "pivots": UNLIMITED, **settings})
    deciding = Deciding(store.scratch("find_duplicates"), chosen, lambda line: None)
    return answers(duplicates(deciding.decide(candidates(signals, verdicts, None, key_of({"s": 0}, chosen.order)))))


def answers(frame):
    return {r.doc_id: (r.duplicate_of, round(r.similarity, 12), r.kind) for r in frame.collect()}


def expected(docs):
    return {i: (keeper, round(s, 12), kind) for i, (keeper, s, kind) in sequential(docs).items()}


@pytest.fixture(scope="module")
def packed():
    docs = [d for case in range(CASES) for d in random_case(case)]
    return [*docs, *path(CASES, PATH), *short_texts(CASES + 1), *distinct(CASES + 2, 50)]


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


@pytest.mark.parametrize("number", NUMBERS)
def test_equals_sequential_definition(spark, store, packed, partitions, number):
    partitions(number)
    assert found(spark, store, packed) == expected(packed)


def test_what_the_definition_says_of_the_packed_cases(packed):
    """The oracle itself: every second document of the path, one short text, none of the distinct ones, and enough of every kind."""
    answered = expected(packed)
    by_case = {case: [d for d in packed if d.doc_id.startswith(f"{case:08x}")] for case in range(CASES, CASES + 3)}
    assert [d.doc_id in answered for d in by_case[CASES]] == [False, True] * (PATH // 2)
    assert [d.doc_id in answered for d in by_case[CASES + 1]] == [False, False, False, True]
    assert not any(d.doc_id in answered for d in by_case[CASES + 2])
    kinds = [kind for _, _, kind in answered.values()]
    assert kinds.count("near") > 1000 + PATH // 2
    assert kinds.count("exact") > 50


def test_peeling_and_more_rounds_of_leaders_change_nothing(spark, store):
    docs = [d for case in range(40) for d in random_case(case)] + path(40, 100)
    assert found(spark, store, docs, edge_limit=50) == expected(docs)
    scratch = store.scratch("find_duplicates")
    assert scratch.has("members_1")
    assert scratch.has("peeled_0")


@pytest.fixture(scope="module")
def linked(packed):
    """Their components: {doc_id: (first, similarity, kind)}."""
    return {i: (keeper, round(s, 12), kind) for i, (keeper, s, kind) in components(packed).items()}


@pytest.mark.parametrize("number", NUMBERS)
def test_components_equal_networkx(spark, store, packed, linked, partitions, number):
    partitions(number)
    assert found(spark, store, packed, method="components") == linked
    assert linked != expected(packed), "a chain is one component, and not one group of similar documents"


def test_components_by_rounds_of_stars_equal_networkx(spark, store):
    docs = [d for case in range(40) for d in random_case(case)] + path(40, 1000)
    assert found(spark, store, docs, method="components", edge_limit=50) == {
        i: (keeper, round(s, 12), kind) for i, (keeper, s, kind) in components(docs).items()
    }
    scratch = store.scratch("find_duplicates")
    assert scratch.has("edges_3")
    assert not scratch.has("edges_15"), "rounds grow with the logarithm of a path"


@pytest.mark.parametrize("order", [["words"], pytest.param(["-snapshot", "-words"], marks=pytest.mark.slow)])
def test_order_says_who_stays(spark, store, order):
    docs = [d for case in range(60) for d in random_case(case)]
    sign = 1 if "words" in order else -1
    ranked = {i: (k, round(s, 12), kind) for i, (k, s, kind) in sequential(docs, order=lambda d: (sign * d.words, d.doc_id)).items()}
    assert found(spark, store, docs, order=order) == ranked


def test_a_pair_is_missed_only_where_both_come_after_the_pivots(spark, store):
    seen, missed = twins_in_a_bucket(1, before=3), twins_in_a_bucket(2, before=4)
    assert set(expected([*seen, *missed])) == {seen[-1].doc_id, missed[-1].doc_id}
    # The first of a bucket is its leader here and is no pivot, so that three pivots reach the fourth.
    assert set(found(spark, store, [*seen, *missed], pivots=3)) == {seen[-1].doc_id}


def test_key_in_sql_equals_its_twin_and_orders_as_bytes(spark):
    rows = [(words, f"{number:032x}") for number, words in enumerate([0, 1, 255, 256, 2**31, 2**32 - 1, 2**40])]
    keys = spark.createDataFrame(rows, "words bigint, doc_id string").select(
        order_key_column(200, F.col("words"), F.col("doc_id")).alias("key"),
        order_key_column(F.lit(200), F.col("words"), F.col("doc_id"), ["words", "-snapshot"]).alias("other"),
        "words",
        "doc_id",
    )
    made = keys.orderBy("key").select("key", "other", "words", "doc_id", doc_id_column(F.col("key")).alias("back")).collect()
    assert [bytes(r.key) for r in made] == sorted(order_key(200, *row) for row in rows)
    assert all(r.back == r.doc_id and bytes(r.key) == order_key(200, r.words, r.doc_id) for r in made)
    assert all(bytes(r.other) == order_key(200, r.words, r.doc_id, ["words", "-snapshot"]) for r in made)
    wrong = spark.createDataFrame([(1, "short")], "words bigint, doc_id string")
    with pytest.raises(Exception, match="doc_id must be 32 hexadecimal characters, got short"):
        wrong.select(order_key_column(0, F.col("words"), F.col("doc_id"))).collect()
