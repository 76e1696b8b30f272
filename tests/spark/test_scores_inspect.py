"""inspect says of every document what the jobs wrote, scores included, with the models that they have trained."""

import json

import pytest
from corpusmill.cli import parse_arguments
from corpusmill.errors import ConfigError, NotReadyError
from corpusmill.inspect import inspect_text
from corpusmill.score_tables import score_table
from corpusmill.settings import Config, StoreSettings
from corpusmill.store import Store
from corpusmill.tables import Verdicts

from tests.answers import assert_inspect_agrees
from tests.unit.scoring.topics import examples

RECIPE = """
[[rules]]
reason = "short"
signal = "counts.words"
min = 12

[[rules]]
reason = "not_sea"
signal = "topic.label"
in = ["sea", "law"]
when = { signal = "language.code", in = ["en"] }

[[rules]]
reason = "not_law"
signal = "law.score"
min = 0.2

[[scores]]
kind = "embedding"
name = "law"
positive = "law"
[scores.training]
task = "classification"
examples = [{ path = "EXAMPLES", label_column = "label" }]

[[scores]]
kind = "fasttext"
name = "topic"
[scores.training]
dim = 12
epochs = 8
learning_rate = 0.5
buckets = 5000
examples = [{ path = "EXAMPLES", label_column = "label" }]
"""
CHAIN = [
    "train_classifier",
    "ingest_documents",
    "measure_documents",
    "score_documents",
    "judge_documents",
    "publish_corpus",
    "write_report",
]


def lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_inspect_says_what_the_jobs_wrote(spark, tmp_path, run_jobs):
    learned = lines(tmp_path / "examples.jsonl", examples(600, 1).to_pylist())
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(RECIPE.replace("EXAMPLES", str(learned)))
    texts = [row["text"] + ". The ship is here and it was there." for row in examples(40, 2).to_pylist()]
    pages = lines(tmp_path / "pages.jsonl", [{"id": str(n), "text": text} for n, text in enumerate(["too short", *texts])])
    said = run_jobs(CHAIN, "--conf", str(recipe), f"ingest.paths={pages}")
    store = Store(spark, StoreSettings(root=str(tmp_path / "store")))
    reasons = {reason for row in store.read(Verdicts).collect() for reason in row.reasons}
    assert reasons == {"short", "not_sea", "not_law"}, said
    report = tmp_path / "store/files/reports"
    models = json.loads((report / "summary.json").read_text())["models"]
    reached = {s.name: store.read(score_table(s)).count() for s in parse_arguments(["--conf", str(recipe)]).scores}
    assert {name: model["documents"] for name, model in models.items()} == reached
    assert models["topic"]["held_out"]["f1"] > 0.7
    assert "topic.label is kitchen, kept: topic.label in sea, law" in (report / "report.html").read_text()
    assert assert_inspect_agrees(store, recipe, f"store.root={tmp_path / 'store'}") == 41


def test_a_model_that_is_not_there_is_one_line(tmp_path):
    config = Config.model_validate({"scores": [{"kind": "fasttext", "name": "topic"}]})
    with pytest.raises(ConfigError, match=r"model .topic. is looked for in the store: set store\.root"):
        inspect_text([("a", "b")], config)
    with pytest.raises(NotReadyError, match="no model 'topic': run train_classifier first"):
        inspect_text([("a", "b")], config.model_copy(update={"store": StoreSettings(files=str(tmp_path))}))
