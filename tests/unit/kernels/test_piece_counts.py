"""Counts of pieces that are put together a block of words at a time, against str.split: pieces that reach over blocks, and long ones."""

import random
import statistics

import pyarrow as pa
import pytest
from corpusmill.text.batch import TextBatch

from tests.unit.signals.peer_twins import curator_symbols, data_juicer_words

BLOCK = 65_536
"""Words of a block."""
WORDS = ["the", "The", "a", "x1", "#", "##", "...", "…", "日本", "42", "é", "\u202f", "don't", "y" * 300]


def mixed(seed, count):
    chance = random.Random(seed)
    return "".join(chance.choice(WORDS) + chance.choice(["", " ", " ", "\n"]) for _ in range(count))


TEXTS = {
    "words that fill blocks to the word": "ab " * (2 * BLOCK),
    "one more word than two blocks": "ab " * (2 * BLOCK) + "c",
    "one piece over three blocks": "x " + "日" * (2 * BLOCK + 5) + " y",
    "a piece that ends where a block does": "日" * BLOCK + " " + "日" * BLOCK,
    "white space inside a word": ("a\u202f1" * 10 + " ") * (BLOCK // 8),
    "long pieces alone": ("z" * 300 + " " + "z" * 500 + "\n") * 20 + "z" * 400,
    "long and short halves": ("z" * 300 + " a ") * 20,
    "mixed": mixed(1, 3 * BLOCK),
    "mixed, few": mixed(2, 40),
    "nothing": "",
    "white space": " \n\t",
}


@pytest.mark.parametrize("name", TEXTS)
def test_counts_are_those_of_str_split(name):
    text = TEXTS[name]
    # In the middle of a batch, so that what is carried over is seen to be reset.
    found = TextBatch(pa.array(["a #", text, "one two"])).piece_counts
    pieces = text.split()
    sizes = [len(piece) for piece in pieces]
    assert found["pieces"].tolist() == [2, len(pieces), 2]
    assert found["characters"].tolist() == [2, sum(sizes), 6]
    assert found["median_sum"].tolist() == [2, 2 * statistics.median(sizes) if sizes else 0, 6]
    assert found["longest"].tolist() == [1, max(sizes, default=0), 3]
    assert found["letters"].tolist() == [1, sum(any(map(str.isalpha, piece)) for piece in pieces), 2]
    assert found["symbols"].tolist() == [1, sum("#" in piece or "…" in piece for piece in pieces), 0]
    assert found["stop_words"].tolist() == [0, pieces.count("the"), 0]
    assert found["words"].tolist() == [1, len(data_juicer_words(text)), 2]
    assert found["mostly_symbols"].tolist() == [1, curator_symbols(pieces), 0]
    assert found["stop_words_any_case"].tolist() == [0, pieces.count("the") + pieces.count("The"), 0]
