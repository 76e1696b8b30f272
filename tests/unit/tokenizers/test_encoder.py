"""Encoding in parts equals encoding at once, and every text comes back."""

import io

import pytest
import sentencepiece
from corpusmill.errors import ConfigError
from corpusmill.tokenizers import encoder as encoding
from corpusmill.tokenizers.encoder import Encoder, load_encoder

LINES = [f"the quick brown fox {i} jumps over the lazy dog, and 中文分词 is hard" for i in range(50)]


def trained(**changes):
    model = io.BytesIO()
    options = {
        "model_type": "bpe", "vocab_size": 360, "byte_fallback": True, "normalization_rule_name": "identity", "pad_id": 3,
        "remove_extra_whitespaces": False, "add_dummy_prefix": False, "allow_whitespace_only_pieces": True, "minloglevel": 2,
    }  # fmt: skip
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(LINES), model_writer=model, **{**options, **changes})
    return model.getvalue()


@pytest.fixture(scope="module")
def ours():
    return trained()


@pytest.fixture(scope="module")
def llama_like():
    return trained(add_dummy_prefix=True, pad_id=-1)


TEXTS = [
    pytest.param(" ".join(LINES), id="words"),
    pytest.param("  a   b\n\n    indented    " * 40, id="runs of spaces"),
    pytest.param("中文分词" * 300, id="no spaces"),
    pytest.param("a\u2581b \u2581\u2581 c" * 60, id="the sign for a space"),
    pytest.param("🦊\x00\ufeff 12345 " * 50, id="bytes"),
    pytest.param("", id="empty"),
    pytest.param(" ", id="a space"),
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("size", [1, 7, 100])
def test_parts_give_the_ids_of_the_whole(monkeypatch, ours, text, size):
    whole = Encoder(ours).encode(text).tolist()
    monkeypatch.setattr(encoding, "PART_CHARACTERS", size)
    assert Encoder(ours).encode(text).tolist() == whole
    assert Encoder(ours).decode(whole) == text


@pytest.mark.parametrize("size", [1, 7, 100])
def test_parts_of_a_model_that_puts_a_space_before_texts(monkeypatch, llama_like, size):
    text = "  ".join(LINES[:9]) + " " + "x" * 50
    encoder = Encoder(llama_like)
    whole = encoder.encode(text).tolist()
    assert whole == sentencepiece.SentencePieceProcessor(model_proto=llama_like).encode(text)
    monkeypatch.setattr(encoding, "PART_CHARACTERS", size)
    assert Encoder(llama_like).encode(text).tolist() == whole


def test_a_long_text_without_spaces_is_cut_and_comes_back(monkeypatch, ours):
    monkeypatch.setattr(encoding, "PART_CHARACTERS", 10)
    monkeypatch.setattr(encoding, "_HARD_PART_CHARACTERS", 30)
    encoder = Encoder(ours)
    text = "分" * 1001
    assert max(len(part) for part in encoder._parts(text)) == 30
    assert encoder.decode(encoder.encode(text)) == text


def test_pad_is_an_id_of_its_own(ours, llama_like):
    assert Encoder(ours).pad_id == 3
    assert Encoder(llama_like).pad_id == Encoder(llama_like).pieces
    for text in ("<pad>", "</s>", "<s>", "<unk>"):
        assert not {0, 1, 2, 3} & set(Encoder(ours).encode(text).tolist())


def test_no_model_is_one_line():
    with pytest.raises(ConfigError, match="not a SentencePiece model"):
        Encoder(b"nothing of the kind")


def test_loaded_once_a_process(ours):
    assert load_encoder(ours) is load_encoder(bytes(bytearray(ours)))
