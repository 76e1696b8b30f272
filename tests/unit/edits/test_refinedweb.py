"""RefinedWeb's line edits against the modifiers of DCLM's baseline in plain Python, on random pages made of what they look at."""

import random
import re

import pyarrow as pa
import pytest
from corpusmill.edits.registry import edit_parts
from corpusmill.text.batch import TextBatch
from corpusmill.text.spans import apply_edits

PIECES = [
    *"word WORD ÄÖ Ж 3 1,234.5 ٣ ² 1.2k 3M likes Views followers! comments likely sign - ( _ … 日本語 😀".split(),
    "two words", "UPPER CASE", "items in cart", "Items In Cart", "Read more...", "read more", "Read moreabc", "Sign-in", "sign-in to",
    "\n", "\n", "\n", "\n\n", "\t", "\u00a0", "\r", "a b c d e f g h i j k", "one two three four five six seven",
]  # fmt: skip
COUNTED = "likes|shares|comments|retweets|reposts|quotes|bookmarks|upvotes|downvotes|downloads|views|followers"
COUNTER = re.compile(rf"^\W*\d(?:,|\.|\d)*(?:K|k|M|m|B|b)?\s+(?:{COUNTED})\W*$")


def without_lines(text):
    """Four modifiers in turn, each on what the one before left."""
    tests = (
        lambda line: sum(map(str.isupper, line)) / len(line) <= 0.5,
        lambda line: sum(map(str.isdigit, line)) / len(line) <= 0.999999,
        lambda line: not COUNTER.search(line.lower()),
        lambda line: len(line.split()) >= 2,
    )
    for stays in tests:
        text = "\n".join(line for line in text.split("\n") if not line or stays(line)).strip()
    return text


PATTERNS = {"items_in_cart": r"\s?items in cart", "read_more": r"\s?Read more...$", "sign_in": r"^Sign-in\s?"}


def without_phrases(text, pattern):
    lines = []
    for line in text.split("\n"):
        changed = re.sub(pattern, "", line, flags=re.IGNORECASE) if len(line.split()) <= 10 else line
        if not line or (changed and not changed.isspace()):
            lines.append(changed)
    return "\n".join(lines).strip()


def pages(seed, count=400):
    chance = random.Random(seed)
    return ["".join(chance.choice(PIECES) + chance.choice(["", " "]) for _ in range(chance.randint(0, 30))) for _ in range(count)]


def edited(name, texts):
    array = pa.array(texts, pa.string())
    return apply_edits(array, edit_parts()[name].find(TextBatch(array))).to_pylist()


@pytest.mark.parametrize("seed", range(6))
def test_lines(seed):
    texts = pages(seed)
    for text, ours in zip(texts, edited("refinedweb_lines", texts), strict=True):
        assert ours == without_lines(text), repr(text)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", PATTERNS)
def test_phrases(name, seed):
    """On pages as the edits before leave them: stripped, and no line of white space alone."""
    texts = [without_lines(text) for text in pages(seed)]
    for text, ours in zip(texts, edited(name, texts), strict=True):
        assert ours == without_phrases(text, PATTERNS[name]), repr(text)


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("3 likes", False),
        ("(1,234.5k views)", False),
        ("3 likes and shares", True),
        ("Some 3 likes", True),
        ("12 34", True),
        ("HALF half", True),
        ("HALFSS half", False),
        ("one", False),
        ("3likes today", True),
    ],
)
def test_single_lines(line, stays):
    assert (edited("refinedweb_lines", [f"Before it.\n{line}\nAfter it."]) == [f"Before it.\n{line}\nAfter it."]) is stays
