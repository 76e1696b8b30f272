"""Every record and every document is accounted for exactly once, or there is no report."""

import json
from dataclasses import replace

import pytest
from corpusmill.errors import NotReadyError
from corpusmill.reports.content import (
    NOT_REACHED,
    Cluster,
    Content,
    Distribution,
    Duplication,
    Excerpt,
    Model,
    Passage,
    ReasonCount,
    RemovedShare,
    SizeCount,
    Training,
)
from corpusmill.reports.page import report_html
from corpusmill.reports.summary import summary_json

HELD_OUT = {
    "examples": 200,
    "accuracy": 0.9,
    "f1": 0.875,
    "labels": {
        "high": {"precision": 0.8125, "recall": 0.75, "f1": 0.78, "examples": 50},
        "low": {"precision": 0.9375, "recall": 0.96, "f1": 0.97, "examples": 150},
    },
    "calibration": [{"probability": 0.55, "right": 0.5, "examples": 40}, {"probability": 0.95, "right": 0.9, "examples": 160}],
    "kept": {"0.01": 0.991, "0.1": 0.902},
}
MODEL = Model(
    "edu",
    "embedding",
    (("/data/ratings", "version 7"),),
    1800,
    HELD_OUT,
    1234,
    (
        Distribution("probability", ((0.0, 0.5), (0.5, 0.75), (1.0, 0.99))),
        Distribution("score", ((0.0, -0.25), (0.5, 1.5), (1.0, 40123.75))),
    ),
)
DUPLICATION = Duplication(
    (("near", 40), ("exact", 7), ("url", 1)),
    (SizeCount(2, 5, 11), SizeCount(16, 2, 44)),
    (
        Cluster(
            "a" * 32,
            30,
            Excerpt("old", "a" * 32, "http://a.org/1", Passage(after="The page that stays")),
            (Excerpt("new", "b" * 32, "", Passage(after="The page that goes")), Excerpt("new", "c" * 32, "http://c.org/", Passage())),
        ),
        Cluster("d" * 32, 14, None, ()),
    ),
    (RemovedShare("a.org", 80, 44), RemovedShare("b.org", 4, 4)),
    0.75,
    0.9625,
)
CONTENT = Content(
    records=14,
    documents=10,
    characters=1000,
    rejected=(("http_status", 3), ("type", 1)),
    reasons=(
        ReasonCount("judge_documents", "language", 4, 300),
        ReasonCount("find_duplicates", "near_duplicate", 1, 50),
    ),
    corpus_documents=5,
    corpus_characters=600,
    is_published=True,
    tokens=210,
    shards=2,
    training=Training("torch", 2, ((1, 6.5), (20, 5.25))),
    seconds={"ingest_documents": 1.5},
)


def test_summary():
    assert json.loads(summary_json(CONTENT)) == {
        "records": 14,
        "documents": 10,
        "rejected_records": 4,
        "by_reason": {"language": 4, "near_duplicate": 1},
        "corpus_documents": 5,
        "corpus_characters": 600,
        "tokens": 210,
        "shards": 2,
        "duplication": None,
        "models": {},
        "train": {"backend": "torch", "world_size": 2, "steps": 20, "first_loss": 6.5, "last_loss": 5.25},
        "seconds": {"ingest_documents": 1.5},
    }


def test_models_have_their_training_and_what_they_said():
    (name, found), *more = json.loads(summary_json(replace(CONTENT, models=(MODEL,))))["models"].items()
    assert (name, more) == ("edu", [])
    assert found == {
        "kind": "embedding",
        "tables": [{"path": "/data/ratings", "version": "version 7"}],
        "trained_on": 1800,
        "held_out": HELD_OUT,
        "documents": 1234,
        "quantiles": {"probability": {"0": 0.5, "0.5": 0.75, "1": 0.99}, "score": {"0": -0.25, "0.5": 1.5, "1": 40123.75}},
    }


def test_duplication_has_counts_and_ids_alone():
    assert json.loads(summary_json(replace(CONTENT, duplication=DUPLICATION)))["duplication"] == {
        "removed": 48,
        "kinds": {"near": 40, "exact": 7, "url": 1},
        "clusters": 7,
        "sizes": [
            {"least": 2, "most": 3, "clusters": 5, "documents": 11},
            {"least": 16, "most": 31, "clusters": 2, "documents": 44},
        ],
        "biggest": [{"duplicate_of": "a" * 32, "documents": 30}, {"duplicate_of": "d" * 32, "documents": 14}],
        "hosts": [{"host": "a.org", "documents": 80, "removed": 44}, {"host": "b.org", "documents": 4, "removed": 4}],
        "threshold": 0.75,
        "estimated_recall": 0.9625,
    }


def test_nothing_trained_is_null():
    assert json.loads(summary_json(replace(CONTENT, training=None)))["train"] is None


@pytest.mark.parametrize("write", [summary_json, report_html])
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"records": 15}, "15 records, but 10 documents and 4 rejected records"),
        ({"corpus_documents": 4}, "10 documents, but 4 in the corpus and 5 with a reason"),
        ({"corpus_documents": 6}, "10 documents, but 6 in the corpus and 5 with a reason"),
        ({"reasons": ()}, "10 documents, but 5 in the corpus and 0 with a reason"),
    ],
)
def test_a_count_that_does_not_add_up_is_an_error(write, changes, message):
    with pytest.raises(NotReadyError, match=message):
        write(replace(CONTENT, **changes))


def test_a_pipeline_that_ended_before_publishing_names_what_it_did_not_reach():
    early = replace(CONTENT, corpus_documents=0, corpus_characters=0, is_published=False)
    assert early.by_reason == {"language": 4, "near_duplicate": 1, NOT_REACHED: 5}
    early.check()
    assert replace(early, is_published=True).by_reason == {"language": 4, "near_duplicate": 1}


def test_an_empty_store_has_a_report():
    assert json.loads(summary_json(Content()))["documents"] == 0
    assert "What became of the crawl" in report_html(Content())
