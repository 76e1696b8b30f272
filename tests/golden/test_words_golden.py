"""Word golden vectors: what spaCy gave datatrove v0.10.0 (reference/corpus.md, section 2.0), and what UAX #29 gives us."""

import string

import pytest
from corpusmill.kernels.properties import SYMBOL
from corpusmill.kernels.unicode import property_of

from tests.unit.kernels.pieces import batch, strings


@pytest.mark.parametrize(
    ("text", "spacy", "ours"),
    [
        pytest.param(
            "Don't stop: e-mail me@x.com, U.S. costs $3.50!",
            "Do | n't | stop | : | e | - | mail | me@x.com | , | U.S. | costs | $ | 3.50 | !",
            "Don't | stop | : | e | - | mail | me | @ | x.com | , | U.S | . | costs | $ | 3.50 | !",
            id="english",
        ),
        pytest.param("我们去北京。", "我们去北京 | 。", "我 | 们 | 去 | 北 | 京 | 。", id="chinese"),
    ],
)
def test_where_our_words_differ_from_spacys(text, spacy, ours):
    texts = batch(text)
    assert " | ".join(strings(texts, texts.tokens)) == ours != spacy


def test_punctuation_set():
    """All 32 ASCII marks and the controls C0 and C1; tab and LF are not in it."""
    symbols = {code for code in range(160) if property_of(code) & SYMBOL}
    assert symbols == {*map(ord, string.punctuation), *range(9), *range(11, 32), *range(127, 160)}
