"""C4 golden vectors: text and reason that datatrove v0.10.0 itself gave (reference/corpus.md, section 2.3)."""

import pytest

from tests.golden.recipe import FINEWEB, edited, first_reason

P = "This is a fine sentence with words."
BASE = "\n".join([P] * 5)
C4 = FINEWEB.model_copy(update={"edits": FINEWEB.edits.model_copy(update={"lines": ("c4",)})})


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("No terminal punctuation here", None),
        ("This line trails off...", None),
        ("if (x) { return", None),
        ("Please enable JavaScript in your browser.", None),
        ("Read our Privacy Policy for more.", None),
        ("It was built in 1990 [citation needed]", None),
        ("Hello there.", None),
        ("a b " + "w" * 1000 + ".", None),
        ("a b " + "w" * 999 + ".", "a b " + "w" * 999 + "."),
        ("It was built in 1990.[1][2][edit]", "It was built in 1990."),
    ],
)
def test_lines_and_the_page_stays(line, kept):
    expected = BASE if kept is None else f"{BASE}\n{kept}"
    assert edited(f"{BASE}\n{line}", "c4") == expected
    assert first_reason(f"{BASE}\n{line}", "c4", C4) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(BASE, None, id="base"),
        pytest.param("\n".join([P] * 4), "too_few_sentences", id="four sentences"),
        pytest.param(f"{BASE}\nA brace {{ in a line here.", "curly_bracket", id="curly bracket"),
        pytest.param(f"{BASE}\nLorem ipsum dolor sit amet.", "lorem_ipsum", id="lorem ipsum"),
        pytest.param(f"{BASE}\nLorem ipsum needs javascript here.", "lorem_ipsum", id="lorem ipsum is looked for before javascript"),
        pytest.param(f"{BASE}\nA {{ and our privacy policy here.", "curly_bracket", id="the bracket before the policy"),
        pytest.param(f"{BASE}\nA {{ in javascript code here.", None, id="the bracket after javascript"),
        pytest.param("\n".join(["これは日本語の文です。"] * 6), "too_few_sentences", id="an ideographic full stop is no final mark"),
        pytest.param("", "too_few_sentences", id="empty"),
    ],
)
def test_pages(text, reason):
    assert first_reason(text, "c4", C4) == reason


@pytest.mark.parametrize("phrase", ["terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"])
def test_every_policy_phrase(phrase):
    assert edited(f"{BASE}\nThis is about {phrase} here.", "c4") == BASE


def test_fineweb_asks_for_no_final_mark():
    line = "No terminal punctuation here"
    assert edited(f"{BASE}\n{line}", "c4_no_terminal_punc") == f"{BASE}\n{line}"
    assert first_reason(f"{BASE}\nif (x) {{ return", "c4") == "curly_bracket"


def test_sentences_are_spacys():
    """Its English exceptions know `Mr.`, and its rules part `ended.Then`."""
    three = "\n".join([P] * 3)
    assert first_reason(f"{three}\nMr. Smith came home.", "c4") == "too_few_sentences"
    assert first_reason(f"{three}\nIt ended.Then it began.", "c4") is None
