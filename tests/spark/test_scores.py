"""Scores as jobs: a classifier is trained from tables, applied to what the cheap rules keep, and judged; nothing unscored is published."""

import json

import pytest
from corpusmill.errors import ConfigError, NotReadyError
from corpusmill.score_tables import score_table
from corpusmill.scoring.models import CurrentModel
from corpusmill.settings import StoreSettings
from corpusmill.store import Store
from corpusmill.tables import Corpus, Documents, Signals, Verdicts
from pyspark.sql import functions as F

from tests.unit.scoring.topics import examples

pytestmark = pytest.mark.connect

RECIPE = """
[[rules]]
reason = "short"
signal = "counts.words"
min = 12

[[rules]]
reason = "not_sea"
signal = "topic.score"
min = {least}
when = {{ signal = "language.code", in = ["en"] }}

[[scores]]
kind = "fasttext"
name = "topic"
positive = "sea"

[scores.training]
dim = 12
epochs = 8
learning_rate = 0.5
buckets = 5000
examples = [{{ path = "{path}", label_column = "label" }}]
"""
CHAIN = ["ingest_documents", "measure_documents", "score_documents", "judge_documents"]


@pytest.fixture
def recipe(tmp_path):
    """Writes a recipe with a bound on the score, and the examples it learns from."""
    learned = tmp_path / "examples.jsonl"
    learned.write_text("".join(json.dumps(row) + "\n" for row in examples(1500, 1).to_pylist()))

    def write(least=0.5):
        path = tmp_path / "recipe.toml"
        path.write_text(RECIPE.format(least=least, path=learned))
        return path

    return write


@pytest.fixture
def pages(tmp_path):
    """Sixty pages by their topic, and one that is too short."""
    rows = [
        {"id": str(n), "text": row["text"] + ". The ship is here and it was there.", "topic": row["label"]}
        for n, row in enumerate(examples(60, 2, noise=0).to_pylist())
    ]
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"id": "short", "text": "too short"}]))
    return path


def opened(spark, tmp_path):
    return Store(spark, StoreSettings(root=str(tmp_path / "store")))


def scores(store, config):
    return {row.doc_id: row.topic for row in store.read(score_table(config.scores[0])).collect()}


def test_a_classifier_is_trained_applied_and_judged(spark, tmp_path, run_jobs, recipe, pages):
    from corpusmill.cli import parse_arguments

    given = ["--conf", str(recipe()), f"ingest.paths={pages}"]
    config = parse_arguments(given)
    with pytest.raises(NotReadyError, match="no model 'topic': run train_classifier first"):
        run_jobs(CHAIN, *given)
    said = run_jobs(["train_classifier", *CHAIN], *given)
    assert any("sea: precision" in line for line in said)
    store = opened(spark, tmp_path)
    found = scores(store, config)
    words = {row[0]: row[1] for row in store.read(Signals).select(Signals.doc_id, "counts.words").collect()}
    languages = {row[0]: row[1] for row in store.read(Signals).select(Signals.doc_id, "language.code").collect()}
    assert found.keys() == {doc for doc, count in words.items() if count >= 12 and languages[doc] == "en"}
    assert len(found) > 30
    for row in store.read(Verdicts).collect():
        expected = ["short"] if words[row.doc_id] < 12 else ["not_sea"] if row.doc_id in found and found[row.doc_id].score < 0.5 else []
        assert row.reasons == expected, row.doc_id
    assert {tuple(row.reasons) for row in store.read(Verdicts).collect()} == {("short",), ("not_sea",), ()}
    model = CurrentModel.model_validate_json((tmp_path / "store/files/models/topic/current.json").read_bytes())
    assert model.about["held_out"]["f1"] > 0.7
    assert all("up to date" in line for line in run_jobs(["train_classifier", *CHAIN], *given))


def test_moving_a_bound_on_a_score_scores_nothing_again(spark, tmp_path, run_jobs, recipe, pages):
    run_jobs(["train_classifier", *CHAIN], "--conf", str(recipe()), f"ingest.paths={pages}")
    said = run_jobs(CHAIN, "--conf", str(recipe(0.9)), f"ingest.paths={pages}")
    assert [line.split()[0] for line in said if "up to date" not in line] == ["judge_documents:"]


def test_a_moved_cheap_bound_scores_only_the_documents_that_lack_a_score(tmp_path, run_jobs, recipe, pages):
    given = ["--conf", str(recipe()), f"ingest.paths={pages}"]
    run_jobs(["train_classifier", *CHAIN], *given)
    path = recipe()
    path.write_text(path.read_text().replace("min = 12", "min = 1"))
    (line,) = [line for line in run_jobs(CHAIN, *given) if "reached it" in line]
    assert " 0 scored" in line or " 1 scored" in line


def test_what_is_not_scored_is_not_published(spark, tmp_path, run_jobs, recipe, pages):
    given = ["--conf", str(recipe()), f"ingest.paths={pages}"]
    run_jobs(["ingest_documents", "measure_documents", "judge_documents", "publish_corpus"], *given)
    store = opened(spark, tmp_path)
    reasons = {reason for row in store.read(Verdicts).collect() for reason in row.reasons}
    assert reasons == {"short", "unscored:topic"}
    language = store.read(Signals).select(Signals.doc_id, F.col("language.code").alias("code"))
    published = store.read(Corpus).select(Corpus.doc_id).join(language, on=["doc_id"], how="inner")
    assert "en" not in {row.code for row in published.collect()}
    assert store.read(Documents).count() == 61


def test_mistakes_are_one_line(run_jobs, recipe, pages, tmp_path):
    path = recipe()
    given = ["--conf", str(path), f"ingest.paths={pages}"]
    path.write_text(path.read_text().replace('"label" }', '"lable" }'))
    with pytest.raises(ConfigError, match="have no column 'lable': they have label, text"):
        run_jobs(["train_classifier"], *given)
    path.write_text(path.read_text().replace("topic.score", "topic.scores"))
    with pytest.raises(ConfigError, match=r"no signal 'topic.scores'; did you mean 'topic.score'"):
        run_jobs(["judge_documents"], *given)
    path.write_text(path.read_text().replace('name = "topic"', 'name = "counts"'))
    with pytest.raises(ConfigError, match="already a signal family 'counts'"):
        run_jobs(["judge_documents"], *given)
