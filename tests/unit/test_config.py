"""Configuration: files and overrides merge, and what a user gets wrong is one line that names the right word."""

import pytest
from corpusmill.config import load_config
from corpusmill.errors import ConfigError


def write(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


HISTORY = ["dedup.scope=global", "dedup.against=history"]


def test_later_files_and_overrides_win_key_by_key(tmp_path):
    first = write(tmp_path, "a.toml", "[dedup]\nthreshold = 0.5\npivots = 7\n")
    second = write(tmp_path, "b.toml", "[dedup]\nthreshold = 0.6\n")
    config = load_config([first, second], ["dedup.pivots=9", "ingest.paths=x.warc.gz", "spark.sql.ansi.enabled=true"])
    assert (config.dedup.threshold, config.dedup.pivots) == (0.6, 9)
    assert config.ingest.paths == ("x.warc.gz",)
    assert config.spark == {"spark.sql.ansi.enabled": "true"}


def test_an_override_is_toml_where_it_can_be_and_text_elsewhere():
    config = load_config([], ['ingest.paths=["a", "b"]', "ingest.snapshot=CC-MAIN-2024-10", "pipeline.force=true"])
    assert config.ingest.paths == ("a", "b")
    assert config.ingest.snapshot == "CC-MAIN-2024-10"
    assert config.pipeline.force is True


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["dedup.treshold=0.5"], r"unknown key 'dedup.treshold', did you mean 'threshold'\?"),
        (["dedupe.threshold=0.5"], r"unknown key 'dedupe', did you mean 'dedup'\?"),
        (["dedup.threshold=high"], r"'dedup.threshold'.*number.*got 'high'"),
        (["dedup.threshold=1.5"], r"'dedup.threshold'.*less than or equal to 1"),
        (['dedup.order=["-word"]'], r"'dedup.order': there is no order '-word', did you mean '-words'\?"),
        (['dedup.order=["words","-words"]'], r"'dedup.order': an order names each of snapshot and words once at most"),
        (["dedup.against=history"], r"'dedup': against = history needs scope = global"),
        ([*HISTORY, 'dedup.order=["-words"]'], r"against = history needs an order that begins with \"snapshot\""),
        ([*HISTORY, "dedup.method=components"], r"against = history needs method = greedy"),
        ([*HISTORY, "dedup.verify=exact"], r"against = history needs verify = sketch: history holds no texts"),
        ([*HISTORY, "dedup.urls=newest"], r"against = history and urls = newest contradict each other"),
        (["ingest.snapshot=it's"], r"'ingest.snapshot'"),
        (["rules=[{reason='r', signal='a.b', minimum=3}]"], "write section.key=value"),
        (["train.steps=3.5"], r"'train.steps'.*integer"),
        (["measure.preset=finweb"], r"^'measure.preset': there is no preset 'finweb', did you mean 'fineweb'\?$"),
        (["measure.sketch=simhash"], r"^'measure.sketch': .*'minhash' or 'fast_similarity', got 'simhash'$"),
        (
            ["measure.bands=13", "measure.rows=60"],
            r"^'measure.rows': 13 bands of 60 .* 0.958 .* would hardly match; did you mean 60 bands of 13",
        ),
        (["measure.bands=20", "measure.rows=450"], r"^'measure.rows': 20 bands of 450 .* 0.993 .*; did you mean 450 bands of 20"),
        (["measure.bands=10", "measure.rows=1"], r"^'measure.rows': 10 bands of 1 .* 0.100 .* little similarity would match$"),
    ],
)
def test_mistakes_are_one_line(overrides, message):
    with pytest.raises(ConfigError, match=message) as error:
        load_config([], overrides)
    assert "\n" not in str(error.value)


def test_a_rule_with_an_unknown_key_names_the_nearest(tmp_path):
    recipe = write(tmp_path, "r.toml", '[[rules]]\nreason = "r"\nsignal = "a.b"\nminn = 3\n')
    with pytest.raises(ConfigError, match=r"unknown key 'rules.1.minn', did you mean 'min'\?"):
        load_config([recipe], [])


def test_a_missing_file_and_a_broken_one_say_which(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        load_config([str(tmp_path / "none.toml")], [])
    with pytest.raises(ConfigError, match="not TOML"):
        load_config([write(tmp_path, "bad.toml", "[dedup\n")], [])


@pytest.mark.parametrize("name", ["2024-10-01", "2024", "true", "CC-MAIN-2024-10"])
def test_a_text_is_taken_as_it_is_written(name):
    assert load_config([], [f"ingest.snapshot={name}", f"train.run={name}"]).ingest.snapshot == name
    assert load_config([], [f"ingest.paths={name}"]).ingest.paths == (name,)


def test_a_missing_key_is_said_without_what_is_there(tmp_path):
    (tmp_path / "a.toml").write_text('[[rules]]\nreason = "short"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^'rules.1.signal' is missing$"):
        load_config([str(tmp_path / "a.toml")], [])


@pytest.mark.parametrize(
    ("score", "message"),
    [
        ('kind = "fastext"', r"^'scores.1.kind': 'fastext', did you mean 'fasttext'\?$"),
        ('kind = "bm25"', r"^'scores.1.kind': 'bm25', known: embedding, fasttext, "),
        ('name = "a"', r"^'scores.1.kind' is missing, known: embedding, fasttext, "),
        ('kind = "fasttext"', r"^'scores.1.name' is missing$"),
        ('kind = "fasttext"\nname = "a"\nmodle = "m.bin"', r"^unknown key 'scores.1.modle', did you mean 'model'\?$"),
        ('kind = "fasttext"\nname = "a"\ntraining.epoch = 3', r"^unknown key 'scores.1.training.epoch', did you mean 'epochs'\?$"),
        ('kind = "fasttext"\nname = "a"\ntraining.epochs = "3"', r"^'scores.1.training.epochs': .*integer.*got '3'$"),
        (
            'kind = "perplexity"\nname = "a"\n[[scores.training.texts]]\npath = "p"\nlanguag = "en"',
            r"^unknown key 'scores.1.training.texts.1.languag', did you mean 'language'\?$",
        ),
        ('kind = "words"\nname = "a"\nmodel = "m"', r"^unknown key 'scores.1.model', known: kind, lists, name$"),
    ],
)
def test_mistakes_in_a_score_are_said_of_its_kind(tmp_path, score, message):
    with pytest.raises(ConfigError, match=message):
        load_config([write(tmp_path, "r.toml", f"[[scores]]\n{score}\n")], [])


def test_scores_of_several_kinds_stand_in_one_recipe(tmp_path):
    text = '[[scores]]\nkind = "words"\nname = "a"\nlists = [{path = "p"}]\n[[scores]]\nkind = "perplexity"\nname = "b"\n'
    first, second = load_config([write(tmp_path, "r.toml", text)], []).scores
    assert (first.lists[0].path, second.training.order) == ("p", 5)


def test_a_preset_gives_a_sketch_its_shape_and_settings_beside_it_win():
    measure = load_config([], ["measure.preset=refinedweb"]).measure
    assert (measure.bands, measure.rows, measure.shingle_words, measure.verify_values, measure.kept_values) == (450, 20, 5, 128, 128)
    measure = load_config([], ["measure.preset=dclm", "measure.rows=1", "measure.bands=2", "measure.shingle_words=3"]).measure
    assert (measure.bands, measure.rows, measure.shingle_words, measure.verify_values, measure.kept_values) == (2, 1, 3, 128, 2)
    assert load_config([], []).measure == load_config([], ["measure.preset=fineweb"]).measure


def test_the_name_of_a_preset_is_no_part_of_the_state():
    named = load_config([], ["measure.preset=text-dedup"]).measure
    spelled = load_config([], ["measure.bands=25", "measure.rows=10"]).measure
    assert named.model_dump(mode="json") == spelled.model_dump(mode="json")
    other = load_config([], ["measure.preset=text-dedup", "measure.sketch=fast_similarity"]).measure
    assert other.model_dump(mode="json") != named.model_dump(mode="json")


@pytest.mark.parametrize("shape", [(50, 4), (5, 25), (20, 5), (47, 5), (33, 6), (20, 13), (26, 11), (14, 9), (14, 8), (450, 20)])
def test_published_shapes_are_plausible(shape):
    assert load_config([], [f"measure.bands={shape[0]}", f"measure.rows={shape[1]}"]).measure.bands == shape[0]
