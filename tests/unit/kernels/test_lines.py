"""Lines and paragraphs agree with Python's own splitting to the last character."""

import random
import re

import pytest

from tests.unit.kernels.pieces import HOSTILE, all_strings, batch

SPLITS = {
    "lines": lambda text: text.split("\n"),
    "line_runs": lambda text: re.split("\n+", text),
    "split_lines": str.splitlines,
    "paragraphs": lambda text: re.split(r"\n{2,}", text.strip()),
}
POOL = "ab \t\n\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029\u2027Âé\xa0\u3000\ufeff"


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("text", [*HOSTILE.values(), "a\r\nb\rc\x85d\u2028e\x1cf\x0bg", "\n a \n\n\n b \n"], ids=ascii)
def test_examples(split, text):
    texts = batch(text)
    assert all_strings(texts, getattr(texts, split)) == [SPLITS[split](text)]


@pytest.mark.parametrize("split", SPLITS)
def test_random_texts(split):
    choose = random.Random(11)
    texts = ["".join(choose.choices(POOL, k=choose.randrange(20))) for _ in range(3000)]
    found = batch(*texts)
    spans = getattr(found, split)
    assert all_strings(found, spans) == [SPLITS[split](text) for text in texts]
    assert spans.characters.tolist() == [len(piece) for text in texts for piece in SPLITS[split](text)]


def test_a_million_short_lines():
    texts = batch("a\n" * 1_000_000, "b")
    assert texts.lines.counts.tolist() == [1_000_001, 1]
    assert texts.split_lines.counts.tolist() == [1_000_000, 1]
