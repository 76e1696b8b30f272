"""Gopher repetition golden vectors: the reason datatrove v0.10.0 itself gave (reference/corpus.md, section 2.2)."""

import pyarrow as pa
import pytest
from corpusmill.signals.gopher_repetition import FAMILY
from corpusmill.text.views import make_views

from tests.unit.kernels import twins

LIMITS = {
    "dup_para_frac": 0.30,
    "dup_para_char_frac": 0.20,
    "dup_line_frac": 0.30,
    "dup_line_char_frac": 0.20,
    "top_2_gram": 0.20,
    "top_3_gram": 0.18,
    "top_4_gram": 0.16,
    "duplicated_5_n_grams": 0.15,
    "duplicated_6_n_grams": 0.14,
    "duplicated_7_n_grams": 0.13,
    "duplicated_8_n_grams": 0.12,
    "duplicated_9_n_grams": 0.11,
    "duplicated_10_n_grams": 0.10,
}
"""Published limits (arXiv 2112.11446, table A1), in datatrove's order; all strict."""
SEVEN_AND_THREE = "\n".join([f"unique line number {letter} goes here okay" for letter in "abcdefgaaa"])


def measured(text):
    return FAMILY.measure(make_views(pa.array([text]), [])).to_pylist()[0]


def first_reason(text):
    values = measured(text)
    return next((name for name, limit in LIMITS.items() if values[name] > limit), None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("I am your father.\n" * 4, "dup_line_frac", id="lines"),
        pytest.param("I am your father.\n\n" * 4, "dup_para_frac", id="paragraphs"),
        pytest.param("I am Frank, I am Frank, I am Frank", "top_2_gram", id="2-gram"),
        pytest.param("hello world", "top_2_gram", id="a 2-gram that occurs once counts too"),
        pytest.param("hello", None, id="one word"),
        pytest.param("   ", None, id="white space"),
        pytest.param("", None, id="empty: datatrove divides by zero, ours are the declared 0.0"),
        pytest.param(SEVEN_AND_THREE, "dup_line_char_frac", id="0.30 of the lines exactly"),
        pytest.param("a b c d e f\n\ng h i j k l\n\nm n o p q r", "top_4_gram", id="short words"),
        pytest.param("a\n\nb\n\nc", "top_2_gram", id="blank lines are no lines"),
    ],
)
def test_first_reason_in_datatrove_order(text, reason):
    assert first_reason(text) == reason


def test_values_at_the_bounds():
    assert measured(SEVEN_AND_THREE)["dup_line_frac"] == 0.3
    assert measured("a\n\nb\n\nc")["dup_line_frac"] == 0.0
    assert measured("I am Frank, I am Frank, I am Frank")["top_2_gram"] == 3 * len("I am") / 34


def test_words_are_spacys():
    """It parts `Don't` in two and keeps `me@x.com`, and n-grams with them."""
    text = "Don't mail me@x.com now"
    spacy = ["Do", "n't", "mail", "me@x.com", "now"]
    assert measured(text)["top_4_gram"] == twins.top_ngram(spacy, 4) / len(text) == 20 / 23


def test_empty_texts_have_the_declared_values():
    values = measured("")
    assert list(values) == [field.name for field in FAMILY.fields] == list(LIMITS)
    assert list(values.values()) == [field.undefined for field in FAMILY.fields] == twins.repetition("", [])
