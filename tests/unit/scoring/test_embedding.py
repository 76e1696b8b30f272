"""Embedding classifiers: embeddings are those of the libraries, heads are at scikit-learn's optimum, and another embedder is refused."""

import json
import math
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import torch
from corpusmill.config import load_config
from corpusmill.errors import ConfigError, InputError, TooLittleInputError
from corpusmill.rules.arrow import reasons_array
from corpusmill.rules.rule import compile_rules
from corpusmill.scoring.embedders import embedder_digest, open_embedder, require_embedder
from corpusmill.scoring.embedding_head import true_labels
from corpusmill.scoring.embedding_training import train_score
from corpusmill.scoring.evaluation import evaluate
from corpusmill.scoring.examples import Split
from corpusmill.scoring.linear_fit import fit_logistic, fit_ridge
from corpusmill.scoring.scorer import open_scorer
from corpusmill.settings import Config, EmbeddingScoreSettings
from safetensors.numpy import load_file
from sklearn.linear_model import LogisticRegression, Ridge
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel, BertTokenizerFast

from tests.unit.scoring.topics import SHARED, TOPICS, examples

TEXTS = ["The ship is in the harbour.", "", "中文 and Würde", "a " * 2000, "x" * 30_000, "one\n\ntwo\t😀"]


def settings(**changes):
    return EmbeddingScoreSettings.model_validate({"kind": "embedding", "name": "edu", **changes})


def spilled(batch, folder):
    path = folder / "train.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as file:
        for first in range(0, batch.num_rows, 300):
            file.write_batch(batch.slice(first, 300))
    return Split(path, batch.num_rows)


def trained(folder, batch, **changes):
    made, _ = train_score(settings(**changes), spilled(batch, folder), folder)
    return made


def scored(path, texts, **changes):
    return open_scorer(settings(**changes), path).score(pa.array(texts, pa.string()), pa.nulls(len(texts), pa.string()))


@pytest.fixture(scope="module")
def topics(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("topics"), examples(900, 1), training={"task": "classification"})


def ratings(count, seed):
    """Texts with 0 to 5 words of the sea, and that number as a label, every tenth with one more or less."""
    random = np.random.default_rng(seed)
    wanted = random.integers(0, 6, count)
    words = [[*random.choice(TOPICS["sea"], n), *random.choice(SHARED, 8 - n)] for n in wanted]
    labels = [str(min(max(n + random.choice([-1, 1]) * (random.random() < 0.1), 0), 5)) for n in wanted]
    return pa.RecordBatch.from_arrays(
        [pa.array([" ".join(random.permutation(w)) for w in words]), pa.array(labels)], names=["text", "label"]
    )


@pytest.fixture(scope="module")
def rated(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("rated"), ratings(900, 1))


def test_vectors_are_those_of_wordllama():
    from wordllama.inference import WordLlamaInference

    folder = files("wordllama")
    weights = load_file(folder / "weights/l2_supercat_256.safetensors")["embedding.weight"]
    peer = WordLlamaInference(weights, Tokenizer.from_file(str(folder / "tokenizers/l2_supercat_tokenizer_config.json")))
    short = TEXTS[:4]
    np.testing.assert_allclose(open_embedder("wordllama").embed(short, 10_000), peer.embed(short), atol=1e-5)
    with_limit = open_embedder("wordllama").embed(["a " * 50 + "ship"], 50)
    np.testing.assert_allclose(with_limit, peer.embed(["a " * 49 + "a"]), atol=1e-5)


def test_wordllama_asks_no_network(monkeypatch):
    def refuse(*given):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    assert open_embedder("wordllama").embed(TEXTS, 512).shape == (len(TEXTS), 256)


@pytest.fixture
def bert(tmp_path):
    """Saves a small random BERT; gives its folder, the model and its tokenizer."""
    folder = tmp_path / "bert"
    folder.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys([*SHARED, *TOPICS["sea"]])]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    torch.manual_seed(1)
    sizes = {"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32, "max_position_embeddings": 40}
    model = BertModel(BertConfig(vocab_size=len(words), **sizes)).eval()
    tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"), do_lower_case=False)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder, model, tokenizer


@pytest.mark.parametrize("pooling", ["mean", "cls"])
@pytest.mark.parametrize("is_normalized", [False, True])
def test_vectors_are_those_of_transformers(bert, pooling, is_normalized):
    folder, model, tokenizer = bert
    (folder / "1_Pooling").mkdir()
    modes = {"pooling_mode_cls_token": pooling == "cls", "pooling_mode_mean_tokens": pooling == "mean", "pooling_mode_max_tokens": False}
    (folder / "1_Pooling/config.json").write_text(json.dumps({"word_embedding_dimension": 24, **modes}))
    kinds = ["Transformer", "Pooling", *(["Normalize"] if is_normalized else [])]
    (folder / "modules.json").write_text(json.dumps([{"type": f"sentence_transformers.models.{kind}"} for kind in kinds]))
    texts = ["ship", "", "the sail of a whale", "storm " * 200, *(row["text"] for row in examples(40, 1).to_pylist())]
    found = open_embedder(str(folder)).embed(texts, 512)
    for row, text in enumerate(texts):
        with torch.no_grad():
            states = model(**tokenizer(text, truncation=True, max_length=40, return_tensors="pt")).last_hidden_state[0]
        wanted = states.mean(0) if pooling == "mean" else states[0]
        wanted = wanted / wanted.norm() if is_normalized else wanted
        np.testing.assert_allclose(found[row], wanted.numpy(), atol=1e-5)


@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.parametrize("penalty", [0.1, 10.0])
def test_a_logistic_head_is_at_the_optimum(count, penalty):
    random = np.random.default_rng(count)
    vectors = random.normal(0, 1, (400, 6)).astype(np.float32)
    classes = (vectors[:, :count].argmax(1) + (random.random(400) < 0.2)) % count
    weights, bias = fit_logistic(vectors, classes, count, penalty)
    peer = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=10_000).fit(vectors.astype(np.float64), classes)
    logits = vectors @ weights.T + bias
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    np.testing.assert_allclose(shares, peer.predict_proba(vectors), atol=1e-4)


def test_a_ridge_head_is_at_the_optimum():
    random = np.random.default_rng(1)
    vectors = random.normal(3, 1, (40_000, 5)).astype(np.float32)
    values = vectors @ np.arange(5) + random.normal(0, 2, 40_000)
    weights, bias, spread = fit_ridge(vectors, values, 100.0)
    peer = Ridge(alpha=100.0).fit(vectors.astype(np.float64), values)
    np.testing.assert_allclose(weights, peer.coef_, rtol=1e-6)
    assert bias == pytest.approx(peer.intercept_, rel=1e-6)
    assert spread == pytest.approx(np.sqrt(np.mean((values - peer.predict(vectors)) ** 2)), rel=1e-6)


def test_held_out_f1_is_that_of_scikit_learn(topics):
    learned, held = examples(900, 1), examples(600, 3)
    true = held.column("label").to_pylist()
    ours = evaluate(true, scored(topics, held.column("text").to_pylist()))
    embedder = open_embedder("wordllama")
    peer = LogisticRegression(max_iter=1000).fit(
        embedder.embed(learned.column("text").to_pylist(), 512), learned.column("label").to_pylist()
    )
    guessed = peer.predict(embedder.embed(held.column("text").to_pylist(), 512)).tolist()
    names, zeros = pa.array(guessed, pa.string()), np.zeros(len(guessed))
    theirs = evaluate(true, pa.StructArray.from_arrays([names, pa.array(zeros), pa.array(zeros)], ["label", "probability", "score"]))
    assert abs(ours["f1"] - theirs["f1"]) < 0.01
    assert 0.7 < ours["f1"] < 1


def test_a_score_is_the_probability_of_the_positive_label(topics):
    rows = scored(topics, ["ship sail harbour wave", "bread oven salt", "", " \n"], positive="sea").to_pylist()
    assert rows[0]["label"] == "sea"
    assert rows[0]["score"] == rows[0]["probability"] > 0.5 > rows[1]["score"]
    assert rows[2:] == [{"label": "", "probability": 0.0, "score": 0.0}] * 2


def test_a_regression_says_a_number_that_rules_can_bound(rated):
    held = ratings(300, 2)
    found = scored(rated, held.column("text").to_pylist())
    scores = found.field("score").to_numpy()
    assert np.sqrt(np.mean((scores - np.array(held.column("label").to_pylist(), float)) ** 2)) < 1
    for row in found.to_pylist():
        assert row["label"] == str(min(max(round(row["score"]), 0), 5))
        assert 0 < row["probability"] <= 1
    rule = {"reason": "low", "signal": "edu.score", "min": 3}
    config = Config.model_validate({"rules": [rule], "scores": [{"kind": "embedding", "name": "edu"}]})
    reasons = reasons_array(compile_rules(config.rules, config.scores), pa.RecordBatch.from_pydict({"edu": found}))
    assert reasons.to_pylist() == [["low"] if score < 3 else [] for score in scores]


def test_the_probability_of_a_rating_is_its_share_of_right_ones(rated):
    held = ratings(2000, 4)
    found = scored(rated, held.column("text").to_pylist())
    measures = evaluate(true_labels(settings(), held.column("label").to_pylist()), found)
    assert measures["accuracy"] == pytest.approx(found.field("probability").to_numpy().mean(), abs=0.1)
    assert sum(part["examples"] for part in measures["calibration"]) == 2000


def test_another_embedder_is_refused(topics, bert):
    with pytest.raises(InputError, match=r"edu was trained on the embedder wordllama \(\w{12}\), the recipe's is .*bert"):
        scored(topics, ["a"], embedder=str(bert[0]))


def test_mistakes_are_one_line(topics, rated, bert, tmp_path):
    with pytest.raises(InputError, match="nowhere: there is no such folder"):
        scored(topics, ["a"], embedder=str(tmp_path / "nowhere"))
    with pytest.raises(InputError, match="no model in the format of transformers"):
        open_embedder(str(tmp_path))
    (bert[0] / "modules.json").write_text('[{"type": "sentence_transformers.models.Dense"}]')
    with pytest.raises(InputError, match=r"modules\.json has Dense"):
        open_embedder(str(bert[0]))
    (tmp_path / "head.json").write_text("{}")
    with pytest.raises(InputError, match="no head of an embedding classifier"):
        scored(tmp_path / "head.json", ["a"])
    with pytest.raises(ConfigError, match="edu is a regression, whose score is its value: leave positive out"):
        scored(rated, ["a"], positive="5")
    with pytest.raises(ConfigError, match="edu has no label 'ocean'"):
        scored(topics, ["a"], positive="ocean")
    with pytest.raises(ConfigError, match=r"label '(sea|law|kitchen)' is no number"):
        trained(tmp_path, examples(10, 1))
    with pytest.raises(TooLittleInputError, match="all examples have the label 'sea'"):
        trained(tmp_path, examples(200, 1).filter(pc.field("label") == "sea"), training={"task": "classification"})


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tokenizers", None)
    with pytest.raises(ConfigError, match=r"needs the package tokenizers: pip install 'corpusmill\[score\]'"):
        open_embedder("wordllama")
    with pytest.raises(ConfigError, match=r"needs the package tokenizers: pip install 'corpusmill\[score\]'"):
        require_embedder("wordllama")


def test_what_can_be_known_of_an_embedder_without_loading_it(bert, tmp_path):
    for name in ("wordllama", str(bert[0])):
        require_embedder(name)
        assert embedder_digest(name) == open_embedder(name).sha256
    with pytest.raises(InputError, match="nowhere: there is no such folder"):
        require_embedder(str(tmp_path / "nowhere"))


def test_the_kind_tells_scores_apart(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text('[[scores]]\nkind = "embedding"\nname = "edu"\n[scores.training]\ntask = "classification"\n')
    (found,) = load_config([str(path)], []).scores
    assert (found.embedder, found.training.task, math.isclose(found.training.penalty, 1)) == ("wordllama", "classification", True)
