"""Gopher quality golden vectors: the reason datatrove v0.10.0 itself gave (reference/corpus.md, section 2.1)."""

import pytest

from tests.golden.recipe import first_reason, inspected

S = "the cat and the dog went to a park of trees that have leaves"


def words(n):
    """S repeated to n words."""
    return " ".join((S.split() * (n // 14 + 1))[:n])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(words(49), "gopher_short_doc", id="49 words"),
        pytest.param(words(50), None, id="50 words"),
        pytest.param(words(50) + " #" * 5, None, id="5 hashes of 55"),
        pytest.param(words(50) + " #" * 6, "gopher_too_many_hashes", id="6 hashes of 56"),
        pytest.param(words(50) + " ." * 20, "gopher_below_alpha_threshold", id="full stops"),
        pytest.param(words(40) + " 123" * 11, "gopher_below_alpha_threshold", id="numbers"),
        pytest.param(words(50).upper(), "gopher_enough_stop_words", id="upper case"),
        pytest.param("the cat dog bird tree park " * 10, "gopher_enough_stop_words", id="one stop word, often"),
        pytest.param("the cat dog bird of park " * 10, None, id="two stop words"),
        pytest.param("\n".join([f"- {S}"] * 10), "gopher_too_many_bullets", id="10 of 10 bullets"),
        pytest.param("\n".join([f"- {S}"] * 9 + [S]), None, id="9 of 10 bullets"),
        pytest.param("\n".join([f"* {S}"] * 10), None, id="an asterisk is no bullet"),
        pytest.param("\n".join([f"{S} ..."] * 3 + [S] * 7), None, id="3 of 10 end in an ellipsis"),
        pytest.param("\n".join([f"{S} ..."] * 4 + [S] * 6), "gopher_too_many_end_ellipsis", id="4 of 10"),
        pytest.param("", "gopher_short_doc", id="empty"),
        # Beside the vectors: the bounds of 2.1's table that none of them meets.
        pytest.param(words(100_000), None, id="100,000 words"),
        pytest.param(words(100_001), "gopher_long_doc", id="100,001 words"),
        pytest.param("the and " * 25, None, id="mean of 3"),
        pytest.param("to be " * 25, "gopher_below_avg_threshold", id="mean of 2"),
        pytest.param("abcdefghij " * 50, "gopher_enough_stop_words", id="a mean of 10 passes"),
        pytest.param("abcdefghijk " * 50, "gopher_above_avg_threshold", id="mean of 11"),
        pytest.param(words(50) + " …" * 6, "gopher_too_many_ellipsis", id="6 ellipses of 56, one token to both splitters"),
        pytest.param(words(40) + " 123" * 10, None, id="0.8 with a letter"),
        pytest.param("\n".join([f"- {S}"] * 8 + ["", f"- {S}"]), None, id="a blank line is a line: 9 of 10 bullets"),
    ],
)
def test_first_reason(text, reason):
    assert first_reason(text, "gopher_quality") == reason


def test_bounds_are_exact():
    assert inspected(words(50) + " #" * 5)["signals"]["gopher_quality"]["hash_ratio"] == 5 / 55
    assert inspected("\n".join([f"- {S}"] * 9 + [S]))["signals"]["gopher_quality"]["bullet_lines"] == 0.9
    assert inspected(words(50) + " #" * 6)["signals"]["gopher_quality"]["hash_ratio"] == 6 / 56
    assert inspected("the cat dog bird tree park " * 10)["signals"]["gopher_quality"]["stop_words"] == 1


def test_an_ellipsis_is_one_word():
    assert inspected(words(50) + " ..." * 6)["signals"]["counts"]["words"] == 56
    assert first_reason(words(50) + " ..." * 6, "gopher_quality") == "gopher_too_many_ellipsis"


def test_where_our_words_differ_from_spacys():
    """Unspaced Chinese is one word to spaCy's English tokenizer; here a text in Chinese has a word for every ideograph, and is long enough."""
    assert inspected("我们" * 30)["signals"]["counts"]["words"] == 60
    assert first_reason("我们" * 30, "gopher_quality") == "gopher_below_avg_threshold" != "gopher_short_doc"
