"""Trains a SentencePiece BPE model from texts, and checks that it gives back any text it is given."""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator

import sentencepiece

from corpusmill.errors import ConfigError, StoreError
from corpusmill.settings import TokenizerSettings
from corpusmill.tokenizers.current import CurrentTokenizer, model_path
from corpusmill.tokenizers.encoder import Encoder

SENTENCE_CHARACTERS = 4_000
"""A longer line is trained in parts."""
_SENTENCE_BYTES = 4 * SENTENCE_CHARACTERS + 1
_THREADS = 16
"""SentencePiece's default. Fixed, because the model file holds it: the number of cores would change the file's hash."""
_BREAK = re.compile("[\n\u2581]")
"""SentencePiece takes U+2581 for a space; it is left to the bytes, as a line end is."""

ROUND_TRIP_SAMPLES = (
    " two  spaces, a\ttab\r\nand lines\n\n", "2021 ２０２１ ١٢٣ 7481 74815", "naïve Straße İstanbul ﬁ e\u0301", "中文分词，日本語、한국어",
    "\U00020000\U0002a6df\U00030000", "👩‍👩‍👧‍👦🏳️‍🌈", "\u2581 \u2047 \ufeff\u200b\u00a0", "</s><s><pad><unk><0x41>", "\x01\x7f\x80\x9f",
    *(chr(plane << 16 | low) for plane in range(17) for low in (0x21, 0x5678, 0xFFFD)),
)  # fmt: skip
"""White space, digits, combining marks, CJK extensions, emoji, SentencePiece's own signs, and three characters of each Unicode plane."""


def train(texts: Iterable[str], settings: TokenizerSettings) -> bytes:
    """The model file: BPE, bytes for what the vocabulary lacks, each digit a piece, text not normalised, spaces kept.

    As LLaMA's (arXiv 2302.13971 section 2.1), but for the space that LLaMA puts before a text: without it a long text can be encoded in parts,
    and decoding gives the text itself. nmt_nfkc, SentencePiece's default, would not give it back. A corpus that supports fewer pieces gets a
    smaller vocabulary. The file depends on the texts, not on their order. Raises ConfigError where vocab_size cannot hold the characters.
    """
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=sentences(texts),
            model_writer=model,
            model_type="bpe",
            vocab_size=settings.vocab_size,
            hard_vocab_limit=False,
            character_coverage=settings.character_coverage,
            byte_fallback=True,
            split_digits=True,
            allow_whitespace_only_pieces=True,
            normalization_rule_name="identity",
            remove_extra_whitespaces=False,
            add_dummy_prefix=False,
            unk_id=0,
            bos_id=1,
            eos_id=2,
            pad_id=3,
            max_sentence_length=_SENTENCE_BYTES,
            num_threads=_THREADS,
            minloglevel=2,
        )
    except RuntimeError as error:
        needed = re.search(r"smaller than required_chars\. \d+ vs (\d+)", str(error))
        if needed is None:
            raise
        raise ConfigError(
            f"tokenizer.vocab_size = {settings.vocab_size} is too small: the bytes and the corpus's characters alone need {needed[1]}; "
            "raise it, or lower tokenizer.character_coverage"
        ) from error
    return model.getvalue()


def sentences(texts: Iterable[str]) -> Iterator[str]:
    """What SentencePiece counts pieces in: lines, long ones cut before a space where there is one, else anywhere."""
    for text in texts:
        for line in _BREAK.split(text):
            start = 0
            while len(line) - start > SENTENCE_CHARACTERS:
                cut = line.rfind(" ", start + 1, start + SENTENCE_CHARACTERS)
                end = cut if cut > start else start + SENTENCE_CHARACTERS
                yield line[start:end]
                start = end
            if start < len(line):
                yield line[start:]


def describe(model: bytes, settings: TokenizerSettings) -> CurrentTokenizer:
    """What readers of the tokens must know. A model without pad gets one behind its own ids. Raises ConfigError."""
    encoder = Encoder(model)
    if encoder.eos_id < 0:
        raise ConfigError(f"tokenizer.model {settings.model} has no end-of-sentence piece, which ends each document: train one that has")
    if settings.bos and encoder.bos_id < 0:
        raise ConfigError(f"tokenizer.bos is set, but the model {settings.model} has no begin-of-sentence piece")
    return CurrentTokenizer(
        sha256=hashlib.sha256(model).hexdigest(),
        path=model_path(model),
        vocab_size=max(encoder.pieces, encoder.pad_id + 1),
        unk_id=encoder.unk_id,
        bos_id=encoder.bos_id,
        eos_id=encoder.eos_id,
        pad_id=encoder.pad_id,
        begins_with_bos=settings.bos,
    )


def lost(model: bytes) -> list[str]:
    """Those of ROUND_TRIP_SAMPLES that encoding and decoding does not give back."""
    encoder = Encoder(model)
    return [text for text in ROUND_TRIP_SAMPLES if encoder.decode(encoder.encode(text)) != text]


def require_lossless(model: bytes) -> None:
    """Raises StoreError where a model of ours loses text; that would be a fault of SentencePiece's version."""
    if wrong := lost(model):
        raise StoreError(f"the tokenizer does not give back {wrong[0]!a}: install the sentencepiece of constraints.txt")
