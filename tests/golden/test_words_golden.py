"""Word golden vectors: what spaCy gave datatrove v0.10.0 (reference/corpus.md, section 2.0)."""

import string

import numpy as np
import pyarrow as pa
from corpusmill.kernels.properties import SYMBOL
from corpusmill.kernels.unicode import property_of
from corpusmill.text.batch import TextBatch

from tests.unit.kernels.pieces import batch, strings


def test_english():
    texts = TextBatch(pa.array(["Don't stop: e-mail me@x.com, U.S. costs $3.50!"]), np.ones(1, bool))
    spacy = "Do | n't | stop | : | e | - | mail | me@x.com | , | U.S. | costs | $ | 3.50 | !"
    assert " | ".join(strings(texts, texts.tokens)) == spacy


def test_where_our_words_differ_from_spacys():
    """datatrove runs English rules over any text; a text in Chinese is split by UAX #29 here."""
    text = "我们去北京。"
    english, chinese = TextBatch(pa.array([text]), np.ones(1, bool)), batch(text)
    assert " | ".join(strings(english, english.tokens)) == "我们去北京 | 。"
    assert " | ".join(strings(chinese, chinese.tokens)) == "我 | 们 | 去 | 北 | 京 | 。"


def test_punctuation_set():
    """All 32 ASCII marks and the controls C0 and C1; tab and LF are not in it."""
    symbols = {code for code in range(160) if property_of(code) & SYMBOL}
    assert symbols == {*map(ord, string.punctuation), *range(9), *range(11, 32), *range(127, 160)}
