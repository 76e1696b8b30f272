"""Near duplicates over all snapshots: one by one against what is kept, all together, and the literal sequential definition, row for row."""

from dataclasses import replace

import pytest
from corpusmill.dedup.find_duplicates import FindDuplicates
from corpusmill.dedup.frames import Candidates
from corpusmill.dedup.history import Kept
from corpusmill.errors import NotReadyError
from corpusmill.jobs import make_job
from corpusmill.ledger import Entry, Ledger
from corpusmill.pipeline import _inputs_state, run_job
from corpusmill.settings import DedupSettings
from corpusmill.slices import Slice
from corpusmill.tables import Duplicates, History, HistorySketches, Jobs
from dedup_instances import sequential
from dedup_snapshots import UNLIMITED, found, in_snapshots, judged_anew, open_run, put

pytestmark = pytest.mark.connect

SNAPSHOTS = ["later", "b", "a"]
CASES = 150


@pytest.fixture(scope="module")
def dealt():
    return in_snapshots(CASES, SNAPSHOTS)


@pytest.fixture(scope="module")
def expected(dealt):
    """The definition over all documents in the order (snapshot, -words, doc_id)."""
    place = {d.doc_id: (SNAPSHOTS.index(name), d) for name, docs in dealt.items() for d in docs}
    docs = [d for docs in dealt.values() for d in docs]
    answers = sequential(docs, order=lambda d: (place[d.doc_id][0], *d.order))
    return {(SNAPSHOTS[place[i][0]], i): (keeper, round(s, 12), kind) for i, (keeper, s, kind) in answers.items()}


def test_one_by_one_is_all_at_once_is_the_definition(spark, store, dealt, expected):
    run = open_run(spark, store, SNAPSHOTS, scope="global", against="history", pivots=UNLIMITED)
    for number, name in enumerate(SNAPSHOTS):
        put(run, name, dealt[name])
        assert run_job(FindDuplicates(), run) == 1, f"only {name} is new, the {number} before it are not decided again"
    one_by_one = found(store, *SNAPSHOTS)
    assert one_by_one == expected
    kept = sum(map(len, dealt.values())) - len(expected)
    assert store.read(History).where("band = -1").count() == kept
    assert 0 < store.read(HistorySketches).count() <= kept

    judged_anew(run, SNAPSHOTS[0])
    assert run_job(FindDuplicates(), run) == len(SNAPSHOTS), "what the later ones were compared with may have moved"
    assert found(store, *SNAPSHOTS) == one_by_one


def test_all_together_is_the_definition(spark, store, dealt, expected):
    run = open_run(spark, store, SNAPSHOTS, scope="global", pivots=UNLIMITED)
    for name in SNAPSHOTS[:2]:
        put(run, name, dealt[name])
    assert run_job(FindDuplicates(), run) == 2
    put(run, SNAPSHOTS[2], dealt[SNAPSHOTS[2]])
    assert run_job(FindDuplicates(), run) == 3, "each depends on all"
    assert found(store, *SNAPSHOTS) == expected
    assert run_job(FindDuplicates(), run) == 0


def test_of_snapshots_decided_together_none_is_read_before_the_last_is_done(spark, store, dealt):
    run = open_run(spark, store, SNAPSHOTS[:2], scope="global")
    for name in SNAPSHOTS[:2]:
        put(run, name, dealt[name][:20])
    run_job(FindDuplicates(), run)
    statuses = [row.status for row in store.read(Jobs).where("job = 'find_duplicates'").collect()]
    assert sorted(statuses) == ["done", "done", "running", "running"], "each is marked once"
    turned = replace(run, config=run.config.model_copy(update={"dedup": DedupSettings(scope="global", order=("-snapshot",))}))
    replaced = store.replace

    def dies(table, frame, piece):
        if table is Duplicates and piece.snapshot == SNAPSHOTS[1]:
            raise RuntimeError("lost the machine")
        replaced(table, frame, piece)

    store.replace = dies
    with pytest.raises(RuntimeError):
        run_job(FindDuplicates(), turned)
    store.replace = replaced
    assert Ledger(store).broke_off("find_duplicates", Slice(SNAPSHOTS[1])), "what was decided before contradicts the first snapshot's"


def test_history_is_cut_down_before_it_is_shuffled(spark, store):
    rows = [("s", -1, n.to_bytes(16, "big"), n.to_bytes(24, "big")) for n in range(20_000)]
    kept = Kept(store.frame(History, rows), store.frame(HistorySketches, []))
    candidates = store.frame(Candidates, [(b"", "t", 0, n.to_bytes(16, "big"), None, None, b"", []) for n in range(0, 1000, 10)])
    touched = {row.hash for row in kept.touched(candidates, in_bands=False).collect()}
    assert {n.to_bytes(16, "big") for n in range(0, 1000, 10)} <= touched
    assert len(touched) < 500


def test_any_order_is_the_definition_in_that_order(spark, store, dealt):
    run = open_run(spark, store, SNAPSHOTS, scope="global", pivots=UNLIMITED, order=["-words", "-snapshot"])
    for name in SNAPSHOTS:
        put(run, name, dealt[name])
    run_job(FindDuplicates(), run)
    place = {d.doc_id: SNAPSHOTS.index(name) for name, docs in dealt.items() for d in docs}
    answers = sequential([d for docs in dealt.values() for d in docs], order=lambda d: (-d.words, -place[d.doc_id], d.doc_id))
    expected = {(SNAPSHOTS[place[i]], i): (keeper, round(s, 12), kind) for i, (keeper, s, kind) in answers.items()}
    assert found(store, *SNAPSHOTS) == expected


def test_few_pivots_of_history_are_its_first(spark, store, dealt):
    """A bucket's first documents stand for it: what is found so is a part of what there is, and no document is named that went."""
    run = open_run(spark, store, SNAPSHOTS, scope="global", against="history", pivots=2)
    for name in SNAPSHOTS:
        put(run, name, dealt[name])
    run_job(FindDuplicates(), run)
    answers = found(store, *SNAPSHOTS)
    gone = {doc_id for _, doc_id in answers}
    assert answers
    assert not gone & {keeper for keeper, _, _ in answers.values()}
    in_buckets = store.read(History).where("band >= 0").groupBy("snapshot", "band", "hash").count()
    assert in_buckets.selectExpr("max(count)").collect()[0][0] == 2


def test_sketches_of_other_settings_are_not_compared(spark, store, dealt):
    run = open_run(spark, store, SNAPSHOTS[:2], scope="global", against="history")
    for name in SNAPSHOTS[:2]:
        put(run, name, dealt[name][:20])
    for chunk in (0, 1):
        before = run.ledger.entry("measure_documents", Slice("b", chunk))
        run.ledger.record([Entry("measure_documents", before.piece, before.state, before.inputs, '{"measure": {"bands": 3}}', "done")])
    with pytest.raises(NotReadyError, match="sketches of b, later were made with different settings"):
        run_job(FindDuplicates(), run)


PAGES = [
    # doc of the snapshot, its URL, when it was fetched
    ("later", 0, "http://example.com/a", 5),
    ("later", 1, "https://www.example.com/a/?utm_source=x", 9),
    ("later", 2, "http://example.com/b", None),
    ("later", 3, "http://example.com/b#top", 1),
    ("later", 4, None, 3),
    ("later", 5, "", 3),
    ("b", 0, "http://example.com/a", 20),
    ("b", 1, "http://example.com/c", 20),
]


@pytest.fixture
def pages():
    from dedup_instances import distinct

    docs = {"later": distinct(500, 6), "b": distinct(501, 2)}
    # Equal words: the doc_id orders them.
    docs = {name: sorted(listed, key=lambda d: d.order) for name, listed in docs.items()}
    return docs, {docs[name][at].doc_id: (url, second) for name, at, url, second in PAGES}


FIRST = {("later", 1): 0, ("later", 3): 2}
NEWEST = {("later", 0): 1, ("later", 2): 3}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"urls": "first"}, {place: ("later", kept) for place, kept in FIRST.items()}),
        ({"urls": "newest"}, {place: ("later", kept) for place, kept in NEWEST.items()}),
        (
            {"urls": "first", "scope": "global", "against": "history"},
            {**{place: ("later", kept) for place, kept in FIRST.items()}, ("b", 0): ("later", 0)},
        ),
        (
            {"urls": "newest", "scope": "global"},
            {("later", 0): ("b", 0), ("later", 1): ("b", 0), ("later", 2): ("later", 3)},
        ),
    ],
    ids=str,
)
def test_of_one_url_one_stays(spark, store, pages, settings, expected):
    docs, of = pages
    run = open_run(spark, store, ["later", "b"], **settings)
    for name in ("later", "b"):
        put(run, name, docs[name], pages=of)
    run_job(FindDuplicates(), run)
    place = {d.doc_id: (name, at) for name, listed in docs.items() for at, d in enumerate(listed)}
    answers = found(store, "later", "b")
    assert {place[i]: place[keeper] for (_, i), (keeper, _, _) in answers.items()} == expected
    assert {(similarity, kind) for _, similarity, kind in answers.values()} <= {(None, "url")}


def test_a_url_follows_what_became_of_its_first(spark, store):
    """b's text is a's and c's URL is b's: c goes with b, and a is named, which is kept; in the next snapshot too."""
    from dedup_instances import doc

    a, b, c, d = (doc(600, number, 50 - number, [], text=text) for number, text in enumerate(["same", "same", "other", "third"]))
    of = {
        a.doc_id: ("http://x.org/a", 1),
        b.doc_id: ("http://x.org/b", 1),
        c.doc_id: ("http://x.org/b", 2),
        d.doc_id: ("http://x.org/b", 3),
    }
    run = open_run(spark, store, ["later", "b"], urls="first", scope="global", against="history")
    put(run, "later", [a, b, c], pages=of)
    put(run, "b", [d], pages=of)
    run_job(FindDuplicates(), run)
    assert found(store, "later", "b") == {
        ("later", b.doc_id): (a.doc_id, 1.0, "exact"),
        ("later", c.doc_id): (a.doc_id, None, "url"),
        ("b", d.doc_id): (a.doc_id, None, "url"),
    }


def test_a_later_job_without_the_recipe_finds_dedup_fresh(spark, store, pages):
    """What find_duplicates reads is asked of the settings that it ran with, not of those of the job that reads it."""
    docs, of = pages
    run = open_run(spark, store, ["later", "b"], scope="global", urls="first")
    for name in ("later", "b"):
        put(run, name, docs[name], pages=of)
    run_job(FindDuplicates(), run)
    bare = open_run(spark, store, ["later", "b"])
    assert _inputs_state(make_job("publish_corpus"), bare, Slice("later", 0)) == _inputs_state(
        make_job("publish_corpus"), run, Slice("later", 0)
    )
    judged_anew(bare, "b")
    with pytest.raises(NotReadyError, match="find_duplicates of later is older than what it was made from"):
        _inputs_state(make_job("publish_corpus"), bare, Slice("later", 0))
