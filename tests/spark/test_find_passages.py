"""The job find_passages against plain Python twins and a suffix array; what it leaves alone, does again and empties; and what publish makes of it."""

import random
import re

import pyarrow as pa
import pytest
from corpusmill.bit_filter import make_filter
from corpusmill.job import Run
from corpusmill.ledger import Ledger
from corpusmill.passages.find_passages import FindPassages
from corpusmill.passages.frames import LookedAt, Screens
from corpusmill.passages.look import CandidateStage, ScreenStage
from corpusmill.pipeline import run_job
from corpusmill.publish.publish_corpus import PublishCorpus
from corpusmill.settings import Config, PassageSettings
from corpusmill.settings.passages import PASSAGE_REASONS
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.tables import Corpus, Documents, Exclusions, Passages, Signals, Snapshots
from corpusmill.text.measure import hash_texts
from corpusmill.text.spans import EDITS as EDIT_LISTS
from corpusmill.text.spans import apply_edits
from narrow_rows import contaminated, document, done, duplicate, frame, put, signal, verdict

from tests import passage_twins as twins

pytestmark = pytest.mark.connect

KINDS = tuple(PASSAGE_REASONS)
JUDGED = ("ingest_documents", "measure_documents", "judge_documents")
SNAPSHOTS = ("z", "a")
"""In the order of ingest."""


def counts(words):
    column = next(c for c in Signals.columns() if c == "counts")
    names = [part.split(":")[0] for part in column.type.removeprefix("struct<").removesuffix(">").split(",")]
    return tuple(words if name == "words" else 0 for name in names)


def measured(of, edits=(), words=None):
    words = len(of["text"].split()) if words is None else words
    return {**signal(of, edits), "counts": counts(words), "text_hash": of["text_digest"][:16]}


def opened(spark, store, *kinds, **settings):
    return Run(spark, store, Config(passages=PassageSettings(kinds=kinds, **settings)), Ledger(store), lambda line: None)


def judge(run, pieces):
    store = run.store
    store.replace(Snapshots, store.frame(Snapshots, [(name, number) for number, name in enumerate(SNAPSHOTS)]), EVERYTHING)
    for piece in pieces:
        done(run, piece, *JUDGED)


def spans_of(store):
    return {(r.snapshot, r.doc_id): [(s.start, s.end, s.reason) for s in r.spans] for r in store.read(Passages).collect()}


def of_kind(kind, spans):
    return [(start, end) for start, end, reason in spans if reason == PASSAGE_REASONS[kind]]


@pytest.fixture(scope="module")
def corpora():
    """100 corpora of up to 200 kB with words of their own, as (documents in order, for each its corpus)."""
    rng = random.Random(2021)
    sizes = [200_000, 120_000, *(int(1000 * 60 ** rng.random()) for _ in range(98))]
    found = []
    for number, size in enumerate(sizes):
        mark = "q" + "".join("bcdfghjklm"[int(digit)] for digit in f"{number:02d}") + "x"
        for text in twins.corpus(rng, size, mark):
            place = Slice(rng.choice(SNAPSHOTS), rng.randrange(2))
            of = document(rng.getrandbits(120), text, place.snapshot, place.chunk)
            found.append((SNAPSHOTS.index(place.snapshot), -len(text.split()), of["doc_id"], number, of))
    found.sort(key=lambda row: row[:3])
    return [row[4] for row in found], [row[3] for row in found]


def test_a_hundred_corpora(spark, store, corpora):
    documents, numbers = corpora
    run = opened(spark, store, *KINDS)
    put(store, documents, [measured(of) for of in documents], [verdict(of) for of in documents])
    pieces = [Slice(snapshot, chunk) for snapshot in SNAPSHOTS for chunk in (0, 1)]
    judge(run, pieces)
    assert run_job(FindPassages(), run) == 4
    found = spans_of(store)
    ordered = [found.get((of["snapshot"], of["doc_id"]), []) for of in documents]
    texts = [of["text"] for of in documents]
    for kind, units in (
        ("lines", [twins.lines(text, 30) for text in texts]),
        ("paragraphs", [twins.paragraphs(text, 30) for text in texts]),
        ("sentences", [twins.sentences(text, 3) for text in texts]),
    ):
        expected = twins.deleted(units)
        assert sum(map(bool, expected)) > 50
        assert [of_kind(kind, spans) for spans in ordered] == expected, kind
    for number in range(100):
        rows = [k for k, corpus in enumerate(numbers) if corpus == number]
        assert [of_kind("substrings", ordered[k]) for k in rows] == twins.deleted_substrings([texts[k] for k in rows], 50), number
    assert all(spans == sorted(spans) for spans in ordered)
    digests = {of["doc_id"]: of["text_digest"] for of in documents}
    assert all(r.text_digest == digests[r.doc_id] for r in store.read(Passages).collect())
    assert run_job(FindPassages(), run) == 0


LINE = "This line stands on many pages of the site."
FIRST, SECOND, MOVED, EMPTY, OUT, COPY, CUT, WHOLE, TAINTED, AGAIN = DOCUMENTS = [
    document(1, f"One tells of the sea.\n{LINE}\n"),
    document(2, f"Two, me@x.com, tells\nAccept cookies\n{LINE}\nof mountains."),
    document(3, f"Grüße. Menü\nFrom far away\n{LINE}"),
    document(4, f"{LINE}\n{LINE}"),
    document(5, f"A page that is out.\n{LINE}\n"),
    document(6, f"A copy.\n{LINE}\n"),
    document(7, f"What is left is here already.\n{LINE}"),
    document(8, "What is left is here already.\n"),
    document(9, f"Text of a benchmark.\n{LINE}\n"),
    document(10, f"What two pages hold.\n{LINE}"),
]
LAST = document(11, f"What two pages hold.\n{LINE}\n{LINE}", chunk=1)
ALL = [*DOCUMENTS, LAST]
COOKIES = (SECOND["text"].index("Accept"), SECOND["text"].index(LINE), None, "c4_cookies")
MAIL = (5, 13, "<EMAIL>", "email")
MENU = (0, len("Grüße. Menü\n".encode()), None, "c4_menu")
EDITS = {2: [MAIL, COOKIES], 3: [MENU]}


@pytest.fixture
def pages(spark, store):
    """A store of two judged chunks; the second ends first in the order of documents, as the words are given."""
    signals = []
    for number, of in enumerate(ALL, 1):
        edits = [dict(zip(("start", "end", "replacement", "reason"), edit, strict=True)) for edit in EDITS.get(number, [])]
        (text_hash,) = hash_texts(apply_edits(pa.array([of["text"]]), pa.array([edits], EDIT_LISTS))).to_pylist()
        signals.append({**measured(of, EDITS.get(number, []), 100 - number), "text_hash": text_hash})
    verdicts = [verdict(of, *(["short"] if of is OUT else [])) for of in ALL]
    put(store, ALL, signals, verdicts, [duplicate(COPY, FIRST)], [contaminated(TAINTED)])
    run = opened(spark, store)
    store.replace(Snapshots, store.frame(Snapshots, [("default", 0)]), EVERYTHING)
    for chunk in (0, 1):
        done(run, Slice("default", chunk), *JUDGED)
    done(run, Slice("default"), "find_duplicates")
    return store


def cut(of, spans):
    data = of["text"].encode()
    return [data[start:end].decode() for start, end, _ in spans]


def published(store):
    return {int(r.doc_id, 16): r.text for r in store.read(Corpus).collect()}


def test_passages_come_are_cut_out_and_go(spark, pages):
    run = opened(spark, pages)
    assert run_job(FindPassages(), run) == 0
    done(run, Slice("default", 0), "find_contamination")
    assert run_job(PublishCorpus(), run) == 2
    whole = published(pages)
    assert sorted(whole) == [1, 2, 3, 4, 7, 8, 10, 11]

    run = opened(spark, pages, "lines")
    assert run_job(FindPassages(), run) == 2
    found = {int(doc_id, 16): spans for (_, doc_id), spans in spans_of(pages).items()}
    assert {number: cut(ALL[number - 1], spans) for number, spans in found.items()} == {
        2: [f"{LINE}\n"], 3: [LINE], 4: [f"{LINE}\n{LINE}"], 7: [LINE], 10: [LINE], 11: [f"{LINE}\n{LINE}"],
    }  # fmt: skip
    assert run_job(PublishCorpus(), run) == 2
    assert published(pages) == {
        1: f"One tells of the sea.\n{LINE}\n", 2: "Two, <EMAIL>, tells\nof mountains.", 3: "From far away\n",
        8: "What is left is here already.\n", 10: "What two pages hold.\n",
    }  # fmt: skip
    assert {int(r.doc_id, 16): (r.reason, r.duplicate_of and int(r.duplicate_of, 16)) for r in pages.read(Exclusions).collect()} == {
        4: ("empty_after_edits", None), 7: ("duplicate_after_edits", 8), 11: ("duplicate_after_edits", 10),
    }  # fmt: skip
    assert run_job(FindPassages(), run) == run_job(PublishCorpus(), run) == 0
    assert not pages.scratch("publish_corpus").has("equal_texts")

    run = opened(spark, pages)
    assert run_job(FindPassages(), run) == 2
    assert pages.read(Passages).count() == 0
    assert run_job(PublishCorpus(), run) == 2
    assert published(pages) == whole


def test_text_is_not_shuffled(spark, pages):
    from corpusmill.publish.equal_texts import published_texts
    from pyspark.sql import functions as F
    from test_publish import plan, shuffled_columns

    pages.replace(Passages, frame(pages, Passages, [{**SECOND, "spans": [(0, 3, "duplicate_line")]}]), EVERYTHING)
    key = F.unhex(F.concat(F.lit("00" * 8), Signals.doc_id))
    looked = pages.read(Signals).withColumn(LookedAt.key, key).select(*LookedAt.columns())
    documents, settings = pages.read(Documents), PassageSettings(kinds=KINDS)
    screen = make_filter(pages.small_frame(Screens.ddl(), [(1,)]), 1)
    for made in (
        ScreenStage(settings=settings)(documents, looked),
        CandidateStage(settings=settings, screen=screen)(documents, looked),
        published_texts(documents, pages.read(Signals), pages.read(Passages), key),
    ):
        text = plan(made)
        assert "BroadcastHashJoin" in text
        assert not [columns for columns in shuffled_columns(text) if re.search(r"\btext#", columns)], text


def test_passages_found_on_another_text_are_refused(spark, pages):
    row = {**SECOND, "text_digest": b"another", "spans": [(0, 3, "duplicate_line")]}
    pages.replace(Passages, frame(pages, Passages, [row]), EVERYTHING)
    run = opened(spark, pages)
    with pytest.raises(Exception, match=f"document {SECOND['doc_id']} has changed since passages were found in it: run find_passages"):
        run_job(PublishCorpus(), run)
