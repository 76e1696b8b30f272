"""simplify_text: golden vectors of datatrove, and a twin over every assigned character."""

import random
import unicodedata
from itertools import pairwise

import pytest

from tests.simplified import simplify_documents
from tests.unit.kernels import twins
from tests.unit.kernels.pieces import HOSTILE, batch

ASSIGNED = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) not in ("Cn", "Co", "Cs")]
# Combining characters that are kept, and the rare ones whose decomposition has any: their order is what canonical ordering is about.
REORDERED = [c for c in ASSIGNED if unicodedata.combining(c) and unicodedata.category(c) != "Mn"] + [
    "\U0001d160",
    "\u0f73",
    "\u0344",
    "\u034f",
    "\u0301",
]
POOL = "ab1 .,ΣΣΑσ'\xadÉé٣٫１٬한\u1100\u1161שּ"


def simplified(*texts):
    found = batch(*texts)
    data, offsets = simplify_documents(found.data, found.offsets)
    return [data[a:b].tobytes().decode() for a, b in pairwise(offsets)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello,  WORLD! 3.14 and 1,234,567 – Café naïve\tx", "hello world 0 and 0 0 cafe naive x"),
        ("|$17.56||1|\n|$15.37||2599|", "0 0 0 0"),
        ("Straße İstanbul ﬁ ２０２４年 ١٢٣", "straße istanbul ﬁ 0年 0"),
        ("中文，测试。", "中文 测试"),
        ("C++ & C#", "c c"),
        ("don't  e-mail", "don t e mail"),
        ("a\u200bb\xa0c", "a\u200bb c"),
    ],
)
def test_golden_vectors(text, expected):
    assert simplified(text) == [expected] == [twins.simplify(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ΟΔΟΣ ΣΑΣ. Σ", "οδος σας σ"), ("ΑΣ\xad' ΑΣ\xadΑ", "ας\xad ασ\xadα"), ("a\u0301Σ", "aς"), ("Α.Σ", "α ς"), ("1.5.2,3 4.", "0 0 0")],
)
def test_final_sigma_and_numbers(text, expected):
    assert simplified(text) == [expected] == [twins.simplify(text)]


def test_every_assigned_character():
    texts = [f"x{character}Y" for character in ASSIGNED]
    assert simplified(*texts) == [twins.simplify(text) for text in texts]


@pytest.mark.parametrize("seed", range(3))
def test_random_texts(seed):
    choose = random.Random(seed)
    texts = ["".join(choose.choices([*POOL, *REORDERED], k=choose.randrange(25))) for _ in range(4000)]
    assert simplified(*texts) == [twins.simplify(text) for text in texts]


LETTERS = ["a", "Zx", "word", "Sixty" * 13, "é", "Ж", "\u0301", "7", " ", ", ", " " * 70, "-", "3.5", "中", "\x00", "`", "{"]


@pytest.mark.parametrize("seed", range(3))
def test_runs_of_letters_across_blocks(seed):
    choose = random.Random(seed)
    texts = ["".join(choose.choices(LETTERS[: choose.choice([5, 10, 17])], k=choose.randrange(120))) for _ in range(600)]
    assert simplified(*texts) == [twins.simplify(text) for text in texts]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts(text):
    assert simplified(text, "b") == [twins.simplify(text), "b"]


def test_a_long_run_of_marks_out_of_order_takes_linear_time():
    text = "a" + "\u302e\u1b44" * 30_000
    assert simplified(text) == [unicodedata.normalize("NFD", text)]
