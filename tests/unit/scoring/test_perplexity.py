"""Perplexity: text normalised as CCNet does, the value KenLM's own to the last digit, models that know their language from a shuffle of it."""

import math
import random
import shutil
import unicodedata
import zipfile

import kenlm
import pyarrow as pa
import pytest
import sentencepiece
from corpusmill.errors import ConfigError, InputError, TooLittleInputError
from corpusmill.scoring.ccnet_text import normalize
from corpusmill.scoring.examples import Split
from corpusmill.scoring.kenlm_programs import find_program, train_grams
from corpusmill.scoring.perplexity_scorer import open_scorer, write_cutoffs
from corpusmill.scoring.perplexity_training import train_language
from corpusmill.scoring.scorer import require_packages
from corpusmill.scoring.train_perplexity import TrainPerplexity
from corpusmill.settings import Config, LanguageTextsSettings, PerplexityScoreSettings, PerplexityTrainingSettings
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

MARKS = dict(
    zip(
        "，。、„”“«»」「《》´∶：？！（）；–—．～’…━〈〉【】％►",
        [*",.,", *'"' * 9, "'", *"::?!();-", " - ", ". ", "~", "'", "...", *"-<>[]%-"],
        strict=True,
    )
)
"""CCNet's table (cc_net/text_normalizer.py, UNICODE_PUNCT) once more, a mark after the other."""
SETTINGS = PerplexityScoreSettings(kind="perplexity", name="ppl")
SMALL = PerplexityTrainingSettings(vocab_size=300, memory="50M")


def twin(line):
    """Character by character."""
    decomposed = unicodedata.normalize("NFD", line.strip().lower())
    kept = ["0" if char.isdecimal() else MARKS.get(char, char) for char in decomposed if unicodedata.category(char) != "Mn"]
    return "".join(char for char in "".join(kept) if not (ord(char) < 32 or 127 <= ord(char) < 160))


@given(st.text(max_size=60) | st.text(st.sampled_from([*MARKS, "É", "ß", "İ", "١", "１", "\t", "\x85", " ", "a", "한", "が"]), max_size=20))
@example("İstanbul １２ — «É»…")
@effort(max_examples=300, deadline=None)
def test_a_line_is_normalised_as_a_plain_reading_says(line):
    assert normalize(line) == twin(line)


def test_golden_lines_of_ccnet():
    """By cc_net/text_normalizer.normalize itself."""
    for line, wanted in GOLDEN:
        assert normalize(line) == wanted


GOLDEN = (
    ("  Ça coûte 1234,5 €… «Vraiment»?  ", 'ca coute 0000,0 €... "vraiment"?'),
    ("【注】２０２１年，他说：“好！”", '[注]0000年,他说:"好!"'),
    ("Tab\there\x07 — a–b ► c’est 50％", "tabhere  -  a-b - c'est 00%"),
    ("한글 ÅNGSTRÖM", unicodedata.normalize("NFD", "한글") + " angstrom"),
)


def udhr(shared_data, language):
    path = shared_data / "text" / "udhr2.zip"
    if not path.exists():
        pytest.skip("shared/data/text/udhr2.zip is not there")
    with zipfile.ZipFile(path) as archive:
        lines = [line.strip() for line in archive.read(f"udhr2/{language}.txt").decode().splitlines()]
    return [line for line in lines if len(line.split()) > 4]


def spilled(path, texts):
    batch = pa.RecordBatch.from_pydict({"text": pa.array(texts), "label": pa.array(["x"] * len(texts))})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as file:
        file.write_batch(batch)
    return Split(path, len(texts))


@pytest.fixture(scope="module")
def programs():
    try:
        find_program("lmplz", "")
    except ConfigError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def model(programs, tmp_path_factory, shared_data):
    """A folder of models of English and German, the fifth part of the lines held out."""
    folder = tmp_path_factory.mktemp("model")
    cutoffs = {}
    for code, name in (("en", "eng"), ("de", "deu")):
        lines = udhr(shared_data, name)
        learned = spilled(folder.parent / "learned", [line for number, line in enumerate(lines) if number % 5])
        cutoffs[code] = train_language(code, learned, spilled(folder.parent / "held", lines[::5]), SMALL, folder)
    write_cutoffs(folder, cutoffs)
    return folder


def scored(folder, texts, languages):
    return open_scorer(SETTINGS, folder).score(pa.array(texts, pa.string()), pa.array(languages, pa.string())).to_pylist()


def expected(folder, text, code):
    """By the sum of KenLM's full scores."""
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{code}.sp.model"))
    grams = kenlm.Model(str(folder / f"{code}.arpa.bin"))
    logs = []
    for line in text.split("\n"):
        if words := " ".join(pieces.encode_as_pieces(twin(line))):
            logs += [log for log, _, _ in grams.full_scores(words)]
    return 10 ** (-math.fsum(logs) / len(logs)) if logs else -1.0


@given(st.lists(st.sampled_from(["All", "human", "beings", "Würde", "1948", ".", "\n", "\n\n", "中文", "<s>", "xyzzy", "«"]), max_size=30))
@example([])
@effort(max_examples=60, deadline=None)
def test_perplexity_is_that_of_kenlm(model, words):
    text = " ".join(words)
    for code in ("en", "de"):
        (row,) = scored(model, [text], [code])
        assert row["perplexity"] == pytest.approx(expected(model, text, code), rel=1e-4)


def test_held_out_text_is_likelier_than_its_words_shuffled(model, shared_data):
    for code, name in (("en", "eng"), ("de", "deu")):
        held = udhr(shared_data, name)[::5]
        shuffled = [" ".join(random.Random(7).sample(line.split(), len(line.split()))) for line in held]
        plain, mixed = scored(model, ["\n".join(held), "\n".join(shuffled)], [code, code])
        assert plain["perplexity"] < 0.9 * mixed["perplexity"]
        (other,) = scored(model, ["\n".join(held)], ["de" if code == "en" else "en"])
        assert plain["perplexity"] < 0.5 * other["perplexity"]


def test_buckets_part_the_held_out_texts_at_the_percentiles(model, shared_data):
    held = udhr(shared_data, "eng")[::5]
    rows = scored(model, held, ["en"] * len(held))
    shares = [sum(row["bucket"] == bucket for row in rows) / len(rows) for bucket in ("head", "middle", "tail")]
    assert shares == pytest.approx([0.3, 0.3, 0.4], abs=1.5 / len(rows))
    assert max(r["perplexity"] for r in rows if r["bucket"] == "head") < min(r["perplexity"] for r in rows if r["bucket"] == "middle")


def test_a_language_without_a_model_and_a_text_without_words_are_in_no_bucket(model):
    assert scored(model, ["Bonjour", "", " \n\x07\n", "a"], ["fr", "en", "en", None]) == [{"perplexity": -1.0, "bucket": "all"}] * 4


def test_the_same_texts_give_the_same_models(model, tmp_path, shared_data):
    lines = udhr(shared_data, "eng")
    learned = spilled(tmp_path / "learned", [line for number, line in enumerate(lines) if number % 5])
    train_language("en", learned, spilled(tmp_path / "held", lines[::5]), SMALL, tmp_path)
    for name in ("en.sp.model", "en.arpa.bin"):
        assert (tmp_path / name).read_bytes() == (model / name).read_bytes()


def test_what_is_no_model_is_one_line(model, tmp_path):
    with pytest.raises(InputError, match=r"has no cutoffs.json"):
        open_scorer(SETTINGS, tmp_path)
    (tmp_path / "cutoffs.json").write_text('{"en": [1]}')
    with pytest.raises(InputError, match="two perplexities a language"):
        open_scorer(SETTINGS, tmp_path)
    write_cutoffs(tmp_path, {"en": (1.0, 2.0)})
    with pytest.raises(InputError, match=r"there is no en.sp.model"):
        open_scorer(SETTINGS, tmp_path)
    shutil.copy(model / "en.sp.model", tmp_path)
    (tmp_path / "en.arpa.bin").write_text("<html>")
    with pytest.raises(InputError, match=r"en.arpa.bin is no model"):
        scored(tmp_path, ["a"], ["en"])


def test_a_training_that_cannot_be_is_one_line(programs, tmp_path, shared_data):
    nothing, one = spilled(tmp_path / "nothing", ["\x07"]), spilled(tmp_path / "one", ["one line of text"])
    with pytest.raises(ConfigError, match="SentencePiece learns no pieces") as error:
        train_language("en", nothing, one, SMALL, tmp_path)
    assert "\n" not in str(error.value)
    lines = spilled(tmp_path / "lines", udhr(shared_data, "eng"))
    with pytest.raises(TooLittleInputError, match="no held-out text of en has words"):
        train_language("en", lines, nothing, SMALL, tmp_path)
    with pytest.raises(ConfigError, match="lmplz ended with") as error:
        train_grams(["a b"], SMALL.model_copy(update={"memory": "1K"}), tmp_path / "x.bin")
    assert "\n" not in str(error.value)


def test_missing_programs_and_packages_are_said_before_spark_starts(tmp_path, monkeypatch):
    texts = (LanguageTextsSettings(path="corpus"),)
    lacking = SETTINGS.model_copy(update={"training": PerplexityTrainingSettings(texts=texts, programs=str(tmp_path))})
    with pytest.raises(ConfigError, match=r"lmplz is not in .*: build it with tools/build_kenlm.sh"):
        TrainPerplexity().check(Config(scores=(lacking,)))
    turned = SETTINGS.model_copy(update={"training": PerplexityTrainingSettings(texts=texts, head=70)})
    with pytest.raises(ConfigError, match=r"training.head is above training.tail"):
        TrainPerplexity().check(Config(scores=(turned,)))
    with pytest.raises(ConfigError, match="nothing to train"):
        TrainPerplexity().check(Config(scores=(SETTINGS,)))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"ppl needs the package kenlm: pip install 'corpusmill\[score\]'"):
        require_packages((SETTINGS,))
