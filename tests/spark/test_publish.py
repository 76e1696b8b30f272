"""Publish: what is in is edited and written, what is out is named, and text is never shuffled."""

import contextlib
import io
import re

import pytest
from corpusmill.publish.equal_texts import EqualTexts
from corpusmill.publish.publish_corpus import ExcludeStage, PublishStage
from corpusmill.reasons import first_reasons, reasons
from corpusmill.slices import EVERYTHING
from corpusmill.tables import (
    Contamination,
    Corpus,
    Documents,
    Duplicates,
    Exclusions,
    Passages,
    SemanticDuplicates,
    Signals,
    Verdicts,
)  # fmt: skip
from narrow_rows import contaminated, document, duplicate, frame, put, semantic_duplicate, signal, verdict

pytestmark = pytest.mark.connect

KEPT = document(1, "Grüße an me@x.com")
EMPTY = document(2, "cookie policy")
DOCUMENTS = [
    KEPT, EMPTY, document(3, "too short"), document(4, "a copy"), document(5, "What is 2+2?"), document(6, "annotated alone"), document(7, ""),
    document(9, "said before"),
]  # fmt: skip
SIGNALS = [
    signal(KEPT, [(11, 19, "<EMAIL>", "email"), (0, 8, None, "c4_x")], lang="de"),
    signal(EMPTY, [(0, 13, None, "c4_policy")]),
    *(signal(d) for d in DOCUMENTS[2:]),
]
VERDICTS = [verdict(d) for d in DOCUMENTS if d is not DOCUMENTS[2]] + [verdict(DOCUMENTS[2], "gopher_short_doc", "language")]
DUPLICATES = [duplicate(DOCUMENTS[3], KEPT)]
SEMANTIC = [semantic_duplicate(DOCUMENTS[7], KEPT)]
CONTAMINATION = [contaminated(DOCUMENTS[4]), contaminated(DOCUMENTS[4], "arc"), contaminated(DOCUMENTS[5], action="annotate")]


def narrow(store):
    return [
        frame(store, Signals, SIGNALS), frame(store, Verdicts, VERDICTS), frame(store, Duplicates, DUPLICATES),
        frame(store, SemanticDuplicates, SEMANTIC), frame(store, Contamination, CONTAMINATION),
    ]  # fmt: skip


def later(store):
    """No passages, no equal texts."""
    return [frame(store, Passages, []), frame(store, EqualTexts, [])]


def corpus_of(store):
    return PublishStage()(frame(store, Documents, DOCUMENTS), *narrow(store), *later(store))


def test_kept_documents_are_edited(store):
    rows = {row.doc_id: row for row in corpus_of(store).collect()}
    assert sorted(rows) == [KEPT["doc_id"], DOCUMENTS[5]["doc_id"]]
    row = rows[KEPT["doc_id"]]
    assert (row.text, row.lang, row.characters, row.domain, row.url) == ("an <EMAIL>", "de", 10, "web", "http://x/1")


def test_counts_are_conserved(store):
    corpus = corpus_of(store)
    excluded = ExcludeStage()(*narrow(store), frame(store, EqualTexts, []), corpus)
    assert {r.doc_id: r.reason for r in excluded.collect()} == dict.fromkeys([EMPTY["doc_id"], DOCUMENTS[6]["doc_id"]], "empty_after_edits")
    found = reasons(*narrow(store)[1:], excluded)
    firsts = {r.doc_id: (r.stage, r.reason) for r in first_reasons(found).collect()}
    assert firsts == {
        DOCUMENTS[2]["doc_id"]: ("judge_documents", "gopher_short_doc"),
        DOCUMENTS[3]["doc_id"]: ("find_duplicates", "near_duplicate"),
        DOCUMENTS[7]["doc_id"]: ("find_semantic_duplicates", "semantic_duplicate"),
        DOCUMENTS[4]["doc_id"]: ("find_contamination", "contaminated:arc"),
        EMPTY["doc_id"]: ("publish_corpus", "empty_after_edits"),
        DOCUMENTS[6]["doc_id"]: ("publish_corpus", "empty_after_edits"),
    }
    assert len(DOCUMENTS) == corpus.count() + len(firsts)
    listed = sorted((r.place, r.reason) for r in found.collect() if r.doc_id == DOCUMENTS[2]["doc_id"])
    assert listed == [(0, "gopher_short_doc"), (1, "language")]


def test_a_document_never_judged_is_not_published(store):
    frames = narrow(store)
    frames[1] = frame(store, Verdicts, VERDICTS[1:])
    with pytest.raises(Exception, match=f"document {KEPT['doc_id']} was measured but never judged"):
        PublishStage()(frame(store, Documents, DOCUMENTS), *frames, *later(store)).collect()


def test_an_edit_never_meets_another_text(store):
    changed = {**KEPT, "text_digest": b"another"}
    with pytest.raises(Exception, match=f"document {KEPT['doc_id']} has changed since it was measured"):
        PublishStage()(frame(store, Documents, [changed, *DOCUMENTS[1:]]), *narrow(store), *later(store)).collect()


def plan(frame):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        frame.explain("formatted")
    return out.getvalue()


def shuffled_columns(text):
    """The columns of each Exchange that is no broadcast, from a formatted plan."""
    return re.findall(r"\) Exchange\b.*?\nInput \[\d+\]: \[(.*?)\]", text, flags=re.DOTALL)


def test_text_is_not_shuffled(store):
    put(store, DOCUMENTS, SIGNALS, VERDICTS, DUPLICATES, CONTAMINATION, SEMANTIC)
    passages = [{**KEPT, "spans": [(0, 1, "duplicate_line")]}]
    store.replace(Passages, frame(store, Passages, passages), EVERYTHING)
    tables = PublishStage.reads[:-1]
    text = plan(PublishStage()(*(store.read(table, EVERYTHING) for table in tables), frame(store, EqualTexts, [])))
    assert "BroadcastHashJoin" in text
    assert not [columns for columns in shuffled_columns(text) if re.search(r"\btext#", columns)], text


def test_the_plan_reader_sees_a_shuffle_of_text(store):
    put(store, DOCUMENTS, SIGNALS, VERDICTS)
    assert any("text#" in columns for columns in shuffled_columns(plan(store.read(Documents).repartition(3, Documents.doc_id))))


def test_tables_are_written_slice_by_slice(store, spark):
    from corpusmill.job import Run
    from corpusmill.publish.publish_corpus import PublishCorpus
    from corpusmill.settings import Config
    from corpusmill.slices import Slice

    other = document(8, "another chunk", chunk=1)
    put(store, [*DOCUMENTS, other], [*SIGNALS, signal(other)], [*VERDICTS, verdict(other)], DUPLICATES, CONTAMINATION, SEMANTIC)
    run = Run(spark, store, Config(), None)
    assert PublishCorpus().work(run, Slice("default", 0)) == 2
    assert PublishCorpus().work(run, Slice("default", 1)) == 1
    assert PublishCorpus().work(run, Slice("default", 0)) == 2
    assert store.read(Corpus).count() == 3
    assert store.read(Exclusions).count() == 2
