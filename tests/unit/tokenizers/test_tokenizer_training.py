"""A trained model is lossless, the same on any machine and in any order of texts, and splits digits singly."""

import hashlib
import random
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from corpusmill.errors import ConfigError, NotReadyError, StoreError
from corpusmill.settings import TokenizerSettings
from corpusmill.tokenizers.current import read_current, read_model, write_current
from corpusmill.tokenizers.encode_corpus import encode_texts
from corpusmill.tokenizers.encoder import Encoder
from corpusmill.tokenizers.training import ROUND_TRIP_SAMPLES, SENTENCE_CHARACTERS, describe, lost, require_lossless, sentences, train

SETTINGS = TokenizerSettings(vocab_size=600)
RANDOM = random.Random(5)
WORDS = [w + s for w in ("token", "corpus", "Spark", "language", "model", "数据", "训练", "Straße") for s in ("", "s", "ing", "-2024")]
TEXTS = ["\n".join(" ".join(RANDOM.choices(WORDS, k=12)) for _ in range(6)) for _ in range(60)]


@pytest.fixture(scope="module")
def model():
    return train(TEXTS, SETTINGS)


@pytest.mark.parametrize("text", [pytest.param(t, id=ascii(t)[:30]) for t in ROUND_TRIP_SAMPLES])
def test_lossless(model, text):
    encoder = Encoder(model)
    assert encoder.decode(encoder.encode(text)) == text


def test_every_plane_is_among_the_samples():
    assert {ord(c) >> 16 for text in ROUND_TRIP_SAMPLES for c in text} == set(range(17))


def test_a_normalising_model_is_found_lossy():
    import io

    import sentencepiece

    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS),
        model_writer=out,
        model_type="bpe",
        vocab_size=400,
        byte_fallback=True,
        minloglevel=2,
        hard_vocab_limit=False,
    )
    assert lost(out.getvalue())
    with pytest.raises(StoreError, match="does not give back"):
        require_lossless(out.getvalue())


def test_the_order_of_texts_changes_nothing(model):
    shuffled = list(TEXTS)
    random.Random(9).shuffle(shuffled)
    assert train(shuffled, SETTINGS) == model


def test_another_process_makes_the_same_file(model):
    code = (
        "import sys, hashlib; sys.path.insert(0, 'tests/unit/tokenizers'); import test_tokenizer_training as t;"
        "print(hashlib.sha256(t.train(t.TEXTS, t.SETTINGS)).hexdigest())"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()[-1]
    assert found == hashlib.sha256(model).hexdigest()


@pytest.mark.parametrize("number", ["7481", "74815", "2021"])
def test_digits_are_single(model, number):
    """reference/training.md 2.3.3: '7481' as 7 481 beside '74815' as 748 15 is inconsistent."""
    encoder = Encoder(model)
    assert [encoder.decode([i]) for i in encoder.encode(number)] == list(number)


def test_a_small_corpus_gets_fewer_pieces(model):
    encoder = Encoder(train(TEXTS[:2], TokenizerSettings(vocab_size=50_000)))
    assert encoder.pieces < 50_000


def test_too_small_a_vocabulary_names_what_is_needed():
    with pytest.raises(ConfigError, match=r"tokenizer.vocab_size = 200 is too small.* need \d+") as raised:
        train(TEXTS, TokenizerSettings(vocab_size=200))
    assert "\n" not in str(raised.value)


def test_sentences_are_lines_cut_before_spaces():
    long = " ".join(["word"] * 3000)
    parts = list(sentences([f"a\n\nb\u2581c\n{long}", "x" * (2 * SENTENCE_CHARACTERS + 1), ""]))
    assert parts[:3] == ["a", "b", "c"]
    cut = [p for p in parts if "word" in p]
    assert "".join(cut) == long
    assert all(p.startswith(" ") for p in cut[1:])
    assert [len(p) for p in parts if p.startswith("x")] == [SENTENCE_CHARACTERS, SENTENCE_CHARACTERS, 1]
    assert max(map(len, parts)) <= SENTENCE_CHARACTERS


def test_documents_end_in_eos_and_begin_as_set(model):
    texts = pa.array(["token models", "", "数据"])
    encoder = Encoder(model)
    for bos in (False, True):
        tokenizer = describe(model, TokenizerSettings(vocab_size=600, bos=bos))
        found = encode_texts(texts, model, tokenizer)
        head = [tokenizer.bos_id] if bos else []
        assert found.to_pylist() == [[*head, *encoder.encode(t).tolist(), tokenizer.eos_id] for t in texts.to_pylist()]
        assert found.type == pa.list_(pa.int32())
        assert not np.isin(found.flatten().to_numpy(), [tokenizer.pad_id]).any()


def test_current_tokenizer_is_stored_and_checked(tmp_path, model):
    files = str(tmp_path)
    with pytest.raises(NotReadyError, match="run train_tokenizer first"):
        read_current(files)
    tokenizer = describe(model, SETTINGS)
    write_current(files, model, tokenizer)
    assert read_current(files) == tokenizer
    assert read_model(files, tokenizer) == model
    (tmp_path / tokenizer.path).write_bytes(model[:-1])
    with pytest.raises(StoreError, match="was altered"):
        read_model(files, tokenizer)


def test_a_model_without_end_is_refused(model):
    import io

    import sentencepiece

    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS),
        model_writer=out,
        model_type="bpe",
        vocab_size=100,
        eos_id=-1,
        bos_id=-1,
        minloglevel=2,
        hard_vocab_limit=False,
    )
    with pytest.raises(ConfigError, match="no end-of-sentence piece"):
        describe(out.getvalue(), TokenizerSettings(model="m.model"))
