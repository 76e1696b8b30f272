"""C4's line edits leave datatrove's rewritten text byte for byte, on random pages made of what its rules look at."""

import random
from itertools import pairwise

import pyarrow as pa
import pytest
from corpusmill.edits.registry import edit_parts
from corpusmill.text.batch import TextBatch
from corpusmill.text.spans import apply_edits

from tests.unit.edits.c4_twin import rewritten

PIECES = [
    "word", "two words", "Javascript", "java[1]script", "JavaScrİpt", "lorem ipsum", "LOREM  ipsum", "use cooKies", "Terms of Use", "{", "}",
    "privacy policy", "[12]", "[٣]", "[]", "[edit]", "[Edit]", "[citation needed]", "[[3]]", "[1", "x" * 1001, "é" * 1000, "日本語。", "😀",
    "...", ".", "!", '"', "'", "?", "…", " ", "  ", "\t", "\u00a0", "\u2003", "\u200b", "\n", "\n\n", "\r\n", "\r", "\x0b", "\x1c", "\x1f", "\x85",
    "\u2028", "a b c.", "one two three",
]  # fmt: skip
STRICTNESS = {
    "c4": {"needs_terminal": True},
    "c4_no_terminal_punc": {"needs_terminal": False},
    "c4_boilerplate": {"needs_terminal": False, "fewest_words": 0, "longest_word": 2**62},
}


def pages(seed, count=300):
    chance = random.Random(seed)
    return ["".join(chance.choice(PIECES) + chance.choice(["", " "]) for _ in range(chance.randint(0, 40))) for _ in range(count)]


def edited(name, texts):
    array = pa.array(texts, pa.string())
    return apply_edits(array, edit_parts()[name].find(TextBatch(array))).to_pylist()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", STRICTNESS)
def test_edited_text_is_the_twins(name, seed):
    texts = pages(seed)
    for text, ours in zip(texts, edited(name, texts), strict=True):
        assert ours == rewritten(text, **STRICTNESS[name]), repr(text)


def test_edits_are_in_order_inside_the_text_and_apart():
    texts = pages(99)
    found = edit_parts()["c4"].find(TextBatch(pa.array(texts))).to_pylist()
    for text, edits in zip(texts, found, strict=True):
        size = len(text.encode())
        assert all(0 <= e["start"] < e["end"] <= size for e in edits)
        assert all(a["end"] <= b["start"] for a, b in pairwise(edits))


def reasons(text, name="c4"):
    (edits,) = edit_parts()[name].find(TextBatch(pa.array([text]))).to_pylist()
    return [(edit["reason"], edit["replacement"]) for edit in edits]


def test_every_reason_is_given():
    lines = [
        "w" * 1001, "No final mark here", "Too short.", "It needs JavaScript to run.", "We use cookies on this page.",
        "It was built in 1990.[1]", "   This line is indented.", "This one ends in CR.\r", "The last line stays.",
    ]  # fmt: skip
    assert reasons("\n".join(lines)) == [
        ("c4_too_long_word", None),
        ("c4_no_terminal_punc", None),
        ("c4_too_few_words", None),
        ("c4_javascript", None),
        ("c4_policy", None),
        ("c4_citation", None),
        ("c4_whitespace", None),
        ("c4_line_break", "\n"),
    ]


def test_a_page_of_which_nothing_stays_is_deleted_whole():
    assert edited("c4", ["No final mark\nToo short.\n", "\n \n", "[1] [2] [3]."]) == ["", "", "."]
    assert edited("c4_no_terminal_punc", ["[1] [2] [3]", "a b c\n[1] [2] [3]\n", "[1] [2] [3]\na b c"]) == ["", "a b c", "a b c"]


def test_applied_twice_it_may_change_a_page_again():
    """Its definition, not a fault: words are counted before citations go (DESIGN, section 7)."""
    once = edited("c4_no_terminal_punc", ["first second [1]\nthis line stays here"])
    assert once == ["first second \nthis line stays here"]
    assert edited("c4_no_terminal_punc", once) == ["this line stays here"]
