"""Scores over tables: language models are trained and applied, words found, and rules on both judge; a label outside the set stops training."""

import json

import pytest
from corpusmill.errors import ConfigError
from corpusmill.scoring.kenlm_programs import find_program
from deltalake import DeltaTable

WORDS = (
    "the of river green stone house walks under old bridge while children sing and light falls on quiet water before evening comes".split()
)
LAST = WORDS[17]
RECIPE = """
[[rules]]
reason = "offensive"
signal = "bad.hits"
max = 0.0
[[rules]]
reason = "unlikely"
signal = "ppl.perplexity"
max = 20.0
[[scores]]
kind = "words"
name = "bad"
lists = [{{path = "{folder}/words.txt", language = "en"}}]
[[scores]]
kind = "perplexity"
name = "ppl"
training.vocab_size = 200
training.memory = "50M"
training.least = 20
training.texts = [{{path = "{folder}/texts.jsonl", language_column = "code"}}]
"""


def rows(folder, table):
    return DeltaTable(str(folder / "store" / table)).to_pyarrow_table().to_pylist()


def sentences(seed):
    """Four lines of the same words in an order of their own."""
    return "\n".join(" ".join(WORDS[(seed + line + step) % len(WORDS)] for step in range(12)) for line in range(4))


def write_lines(path, lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


@pytest.fixture
def folder(tmp_path):
    """Texts of two languages to learn from, a list, a recipe, and three documents."""
    texts = [{"text": f"{sentences(number)}\nnumber {number}", "code": "en"} for number in range(80)]
    german = "Der Fluss fließt unter der alten Brücke und das Licht fällt auf Wasser "
    texts += [{"text": f"{german * (number % 7 + 1)}{number}", "code": "de"} for number in range(80)]
    texts.append({"text": "Une phrase en français.", "code": "fr"})
    write_lines(tmp_path / "texts.jsonl", texts)
    (tmp_path / "words.txt").write_text("quiet stone\nrotten # a comment\n")
    documents = {
        "plain": sentences(3),
        "rotten": f"{sentences(3)}\nrotten Rotten",
        "odd": "xq zzvk jjwq the kkqp vvxz and the qqjx of pfft zzz " * 4,
    }
    write_lines(tmp_path / "documents.jsonl", [{"id": name, "text": text} for name, text in documents.items()])
    (tmp_path / "recipe.toml").write_text(RECIPE.format(folder=tmp_path))
    return tmp_path


def test_language_models_are_trained_and_rules_judge_by_them(run_jobs, folder):
    try:
        find_program("lmplz", "")
    except ConfigError as error:
        pytest.skip(str(error))
    arguments = ("--conf", f"{folder}/recipe.toml", f"ingest.paths={folder}/documents.jsonl")
    said = run_jobs(["train_perplexity", "ingest_documents", "measure_documents", "score_documents", "judge_documents"], *arguments)
    assert [" en: " in line for line in said if " de: " in line or " en: " in line] == [False, True]
    assert "train_perplexity: ppl  1 language passed over with fewer texts" in said
    names = {row["doc_id"]: row["text"].split()[-1] for row in rows(folder, "documents")}
    assert {names[row["doc_id"]]: row["reasons"] for row in rows(folder, "verdicts")} == {
        LAST: [],
        "Rotten": ["offensive"],
        "zzz": ["unlikely"],
    }
    likely = {names[row["doc_id"]]: row["ppl"]["perplexity"] for row in rows(folder, "signals_ppl")}
    assert likely.keys() == {LAST, "zzz"}, "the offensive one does not reach the language model"
    assert 0 < 5 * likely[LAST] < likely["zzz"]
    found = {names[row["doc_id"]]: row["bad"]["hits"] for row in rows(folder, "signals_bad")}
    assert found == {LAST: 0, "Rotten": 2, "zzz": 0}
    assert run_jobs(["train_perplexity", "score_documents"], *arguments)[0].startswith("train_perplexity: up to date")


def test_an_example_with_another_label_stops_the_training(run_jobs, folder):
    (folder / "topics.toml").write_text(
        f'[[scores]]\nkind = "fasttext"\nname = "topic"\ntraining.label_set = "llama3_syne_en"\n'
        f'training.examples = [{{path = "{folder}/texts.jsonl", label_column = "code"}}]\n'
    )
    with pytest.raises(ConfigError, match=r"topic: the examples have the label 'de', which llama3_syne_en has not"):
        run_jobs(["train_classifier"], "--conf", f"{folder}/topics.toml")
