"""fastText classifiers: our scores are fastText's own on the same model, our training is as good as its own, and its loader takes our files."""

import fasttext
import numpy as np
import pyarrow as pa
import pytest
from corpusmill.errors import ConfigError, InputError
from corpusmill.kernels.fasttext_model import read_model
from corpusmill.scoring.fasttext_scorer import open_scorer
from corpusmill.scoring.fasttext_training import train_fasttext
from corpusmill.settings import FastTextScoreSettings, FastTextTrainingSettings
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tests.unit.scoring.topics import SHARED, TOPICS, examples

SMALL = FastTextTrainingSettings(dim=12, epochs=8, learning_rate=0.5, buckets=5_000)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "model.bin"
    losses = train_fasttext(lambda: [examples(600, 1), examples(600, 2)], SMALL, path)
    assert losses[-1] < losses[0] * 0.7
    return path


def scored(path, *texts, positive="sea"):
    settings = FastTextScoreSettings(kind="fasttext", name="topic", positive=positive)
    return open_scorer(settings, path).score(pa.array(texts, pa.string()), pa.nulls(len(texts), pa.string())).to_pylist()


def expected(model, text):
    """By fastText itself; newlines are blanks, which it would refuse."""
    labels, values = model.predict(text.replace("\n", " "), k=-1)
    return {label.removeprefix("__label__"): min(float(value), 1.0) for label, value in zip(labels, values, strict=True)}


@given(
    st.lists(st.sampled_from([*TOPICS["sea"], *SHARED, "\n", "\t", "</s>", "__label__sea", "unseen", "x" * 70]), min_size=1, max_size=30)
)
@example(["captain"])
@example(["unseen"])
@example(["ship", "</s>", "court"])
@effort(max_examples=150, deadline=None)
def test_scores_are_those_of_fasttext(trained, words):
    text = " ".join(words)
    if not text.strip():
        return
    wanted = expected(fasttext.load_model(str(trained)), text)
    (row,) = scored(trained, text)
    assert row["score"] == pytest.approx(wanted["sea"], abs=1e-6)
    assert row["probability"] == pytest.approx(max(wanted.values()), abs=1e-6)
    assert wanted[row["label"]] == pytest.approx(max(wanted.values()), abs=1e-6)


def test_training_learns_what_labels_say(trained):
    held = examples(900, 3)
    found = [row["label"] for row in scored(trained, *held.column("text").to_pylist())]
    right = np.mean([a == b for a, b in zip(found, held.column("label").to_pylist(), strict=True)])
    # A tenth of the labels are drawn anew, so that two in thirty are wrong.
    assert right > 0.9


def test_the_same_examples_give_the_same_model(trained, tmp_path):
    again = tmp_path / "again.bin"
    train_fasttext(lambda: [examples(600, 1), examples(600, 2)], SMALL, again)
    assert again.read_bytes() == trained.read_bytes()


def test_a_text_without_words_has_no_label(trained):
    assert scored(trained, "", " \n\t") == [{"label": "", "probability": 0.0, "score": 0.0}] * 2


def test_an_aligned_copy_says_the_same(trained, tmp_path, monkeypatch):
    monkeypatch.setattr("corpusmill.kernels.fasttext_model._LARGE", 0)
    kept = tmp_path / "aligned"
    plain, shared = read_model(trained), read_model(trained, kept)
    np.testing.assert_array_equal(plain.arrays.vectors, shared.arrays.vectors)
    np.testing.assert_array_equal(read_model(trained, kept).arrays.vectors, plain.arrays.vectors)


def test_what_is_no_model_is_one_line(trained, tmp_path):
    (tmp_path / "page.bin").write_text("<html>not a model</html>" * 10)
    with pytest.raises(InputError, match="no fastText model"):
        scored(tmp_path / "page.bin", "a")
    (tmp_path / "short.bin").write_bytes(trained.read_bytes()[:-100])
    with pytest.raises(InputError, match="ends too early"):
        scored(tmp_path / "short.bin", "a")
    with pytest.raises(ConfigError, match="topic has no label"):
        scored(trained, "a", positive="ocean")
