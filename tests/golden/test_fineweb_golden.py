"""FineWeb golden vectors: the reason datatrove v0.10.0 itself gave (reference/corpus.md, section 2.4), and the shipped recipe."""

import pytest

from tests.golden.recipe import FINEWEB, ORDER, first_reason, inspected

PLAIN = FINEWEB.model_copy(update={"edits": FINEWEB.edits.model_copy(update={"lines": ()})})
"""The filter by itself, as the vectors were made: no line edits before it."""
TEN = [f"Line {i} is a unique sentence that is clearly longer than thirty chars." for i in range(10)]
LONG = [f"Line {i} is a unique sentence that is clearly longer than thirty chars" for i in range(25)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param("\n\n", "empty", id="newlines"),
        pytest.param("Hello there my friend.", "short_line_ratio", id="one short line"),
        pytest.param("\n".join([f"{line}." for line in LONG[:3]] + LONG[3:]), None, id="0.12 of the lines end a sentence"),
        pytest.param("\n".join([f"{line}." for line in LONG[:2]] + LONG[2:]), "line_punct_ratio", id="0.08 do"),
        pytest.param("\n".join(LONG), "line_punct_ratio", id="none does"),
        pytest.param("\n".join(f"{i}" + "x" * 28 + "." for i in range(3)), "short_line_ratio", id="30 characters are short"),
        pytest.param("\n".join(f"{i} of thirty-one characters ok!." for i in range(3)), None, id="31 are not"),
        pytest.param("\n".join(TEN), None, id="ten lines"),
        pytest.param("\n".join([*TEN, TEN[0]]), "char_dup_ratio", id="and one again"),
        pytest.param("\n".join(f"abcdefghijklmnopqrstuvwxyzabcdefghijk{i}." for i in range(20)), "list_ratio", id="a list of long words"),
    ],
)
def test_first_reason(text, reason):
    assert first_reason(text, "fineweb", PLAIN) == reason


def test_quotation_marks_end_no_line():
    """Older versions of datatrove let ' and \" end a line; the list of today is Unicode's."""
    text = "\n".join(f'{line}"' for line in LONG)
    assert first_reason(text, "fineweb", PLAIN) == "line_punct_ratio"


def test_the_recipe_is_in_published_order():
    published = ["language", "dup_para_frac", "dup_para_char_frac", "dup_line_frac", "dup_line_char_frac"]
    published += [f"top_{n}_gram" for n in (2, 3, 4)] + [f"duplicated_{n}_n_grams" for n in range(5, 11)]
    published += [
        "gopher_short_doc",
        "gopher_long_doc",
        "gopher_below_avg_threshold",
        "gopher_above_avg_threshold",
        "gopher_too_many_hashes",
    ]
    published += ["gopher_too_many_ellipsis", "gopher_too_many_bullets", "gopher_too_many_end_ellipsis", "gopher_below_alpha_threshold"]
    published += ["gopher_enough_stop_words", "lorem_ipsum", "curly_bracket", "too_few_sentences"]
    published += ["empty", "line_punct_ratio", "short_line_ratio", "char_dup_ratio", "list_ratio"]
    assert published == ORDER


def test_every_number_has_its_source():
    assert all(rule.source for rule in FINEWEB.rules)


def test_c4_edits_come_before_fineweb_signals():
    """A short line that C4 removes is none to FineWeb's rules: 18 % of pages change their verdict by it (DESIGN, section 3)."""
    text = "\n".join([line + "\nMenu" for line in TEN])
    assert inspected(text)["signals"]["fineweb"]["lines"] == 10
    assert inspected(text, PLAIN)["signals"]["fineweb"]["lines"] == 20


def test_an_empty_text_is_out_with_named_reasons():
    """datatrove's GopherRepetitionFilter divides by zero at it; there it has the declared 0.0, and others name their reasons."""
    gopher = ["gopher_short_doc", "gopher_below_avg_threshold", "gopher_below_alpha_threshold", "gopher_enough_stop_words"]
    assert inspected("")["reasons"] == ["language", *gopher, "too_few_sentences", "empty"]


def test_every_bound_is_the_published_one():
    at_least = {"gopher_short_doc": 50, "gopher_below_avg_threshold": 3, "gopher_below_alpha_threshold": 0.8, "gopher_enough_stop_words": 2}
    at_least |= {"too_few_sentences": 5, "empty": 1, "line_punct_ratio": 0.12}
    at_most = {"dup_para_frac": 0.30, "dup_para_char_frac": 0.20, "dup_line_frac": 0.30, "dup_line_char_frac": 0.20}
    at_most |= {"top_2_gram": 0.20, "top_3_gram": 0.18, "top_4_gram": 0.16}
    at_most |= {f"duplicated_{n}_n_grams": limit for n, limit in zip(range(5, 11), (0.15, 0.14, 0.13, 0.12, 0.11, 0.10), strict=True)}
    at_most |= {"gopher_long_doc": 100_000, "gopher_above_avg_threshold": 10, "gopher_too_many_hashes": 0.1}
    at_most |= {"gopher_too_many_ellipsis": 0.1, "gopher_too_many_bullets": 0.9, "gopher_too_many_end_ellipsis": 0.3}
    at_most |= {"lorem_ipsum": 0, "curly_bracket": 0, "short_line_ratio": 0.67, "char_dup_ratio": 0.01, "list_ratio": 0.3}
    code, score, *rules = FINEWEB.rules
    assert (code.within, score.above) == (("en",), 0.65)
    assert {rule.reason: rule.min for rule in rules if rule.min is not None} == at_least
    assert {rule.reason: rule.max for rule in rules if rule.max is not None} == at_most
    assert all(rule.above is None and rule.below is None for rule in rules)
