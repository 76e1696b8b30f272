"""Word segmentation: UAX #29 by example, against a twin, and on inputs made to hurt."""

import random

import pytest
import xxhash
from corpusmill.kernels import word_break

from tests.unit.kernels import twins
from tests.unit.kernels.pieces import HOSTILE, all_strings, batch, strings

POOL = "ab1_.,:;'\"  \t\n\r\u0301\u200d\u00ad👩🇩🇪我アא\u2028\x85®Ⓜ1é\u3000\xa0\x1c٣٫"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("can't 3.50 a.b x_1", ["can't", "3.50", "a.b", "x_1"], id="WB6-13b join"),
        pytest.param("a. b, 1.a a.1", ["a", ".", "b", ",", "1", ".", "a", "a", ".", "1"], id="marks that join nothing"),
        pytest.param("א\"ב א'", ['א"ב', "א'"], id="WB7a-c Hebrew"),
        pytest.param("👩\u200d👩\u200d👧x", ["👩\u200d👩\u200d👧", "x"], id="WB3c emoji"),
        pytest.param("🇩🇪🇫🇷🇩", ["🇩🇪", "🇫🇷", "🇩"], id="WB15 flags"),
        pytest.param("a  \u0301b", ["a", "  \u0301", "b"], id="WB3d and WB4: a mark on spaces"),
        pytest.param("\n\u0301a", ["\u0301", "a"], id="WB3a: no mark on a line end"),
        pytest.param("我们カタカナひら", ["我", "们", "カタカナ", "ひ", "ら"], id="WB13 and scripts without spaces"),
        pytest.param("abcdefgh_abcdefgh1 12345678", ["abcdefgh_abcdefgh1", "12345678"], id="runs of more than eight bytes"),
        pytest.param("one\ttwo\r\nthree", ["one", "two", "three"], id="white space alone is no word"),
    ],
)
def test_segments(text, expected):
    texts = batch(text)
    assert strings(texts, texts.tokens) == expected == twins.words(text)


@pytest.mark.parametrize("place", range(10))
def test_every_ascii_character_in_every_place_of_a_run(place):
    texts = [f"{'z' * place}{chr(c)}{'Z' * (20 - place)} 9" for c in range(128)]
    found = batch(*texts)
    assert all_strings(found, found.tokens) == [twins.words_by_regex(text) for text in texts]


@pytest.mark.parametrize("seed", range(3))
def test_texts_longer_than_a_block_of_64_bytes(seed):
    choose = random.Random(seed)
    pools = ["abcXYZ019_", "ab1.,:;' ", "a1. '\n\t\x1c\x08#\"", "ab.' é", "a b.'\u0301\u200d我", "aaaaaaaaaaaaaaaaaaaaaaaa bé"]
    texts = ["".join(choose.choices(choose.choice(pools), k=choose.choice([62, 63, 64, 65, 66, 130, 200]))) for _ in range(1500)]
    texts += [text + choose.choice(["", "é", " \u0301", "'a"]) + "x" * choose.randrange(70) for text in texts]
    found = batch(*texts)
    assert all_strings(found, found.tokens) == [twins.words_by_regex(text) for text in texts]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts(text):
    texts = batch("before", text, "after")
    assert all_strings(texts, texts.tokens) == [["before"], twins.words(text), ["after"]]


@pytest.mark.parametrize("seed", range(3))
def test_random_texts_as_the_twin_and_as_regex(seed):
    choose = random.Random(seed)
    texts = ["".join(choose.choices(POOL, k=choose.randrange(30))) for _ in range(1500)]
    found = batch(*texts)
    segments = all_strings(found, found.tokens)
    assert segments == [twins.words_by_regex(text) for text in texts]
    assert segments[:300] == [twins.words(text) for text in texts[:300]]


def test_what_is_known_of_each_segment():
    texts = batch("Ab_1 __ é… ㎏ 3 。x٣ #\u0301 ¿")
    tokens = texts.tokens
    segments = strings(texts, tokens)
    marks = set(twins.MARKS + twins.CONTROLS)
    assert tokens.characters.tolist() == [len(s) for s in segments]
    assert tokens.alpha.tolist() == [any(c.isalpha() for c in s) for s in segments]
    assert tokens.symbol.tolist() == [set(s) <= marks for s in segments]
    assert tokens.hash.tolist() == [xxhash.xxh64_intdigest(s.encode()) for s in segments]


def test_terminal_punctuation_of_all_scripts_is_a_symbol():
    texts = batch("؟ ། ። ¿ ॥")
    assert texts.tokens.symbol.tolist() == [
        True,
        False,
        True,
        False,
        True,
    ]  # datatrove's set has neither the Tibetan shad nor the inverted mark


def test_every_control_character_is_a_symbol_but_tab_and_newline():
    controls = [chr(c) for c in (*range(32), *range(127, 160)) if not chr(c).isspace()]
    texts = batch(*controls)
    assert texts.tokens.symbol.all()
    assert texts.tokens.counts.tolist() == [1] * len(controls)


def test_rows_grow_where_every_byte_is_a_word():
    texts = batch("!" * 5000, "?!")
    assert texts.tokens.counts.tolist() == [5000, 2]
    assert texts.tokens.end[-1] == 5002


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "'" * 100_000, "a'" * 60_000 + "\u0301" * 50_000, "א'\u0301" * 40_000], ids=lambda t: ascii(t[:3])
)
def test_long_texts_take_linear_time_and_one_pass(text):
    """A quadratic look-ahead would make these take minutes."""
    texts = batch(text)
    assert texts.tokens.end[-1] == texts.data.size
    assert int(texts.tokens.characters.sum()) == len(text)


def test_properties_are_in_the_order_that_comparisons_rely_on():
    names = [
        "ALETTER",
        "HEBREW",
        "NUMERIC",
        "KATAKANA",
        "EXTEND_NUM_LET",
        "MID_LETTER",
        "MID_NUM",
        "MID_NUM_LET",
        "SINGLE_QUOTE",
        "DOUBLE_QUOTE",
    ]
    numbers = [getattr(word_break, name) for name in names]
    assert numbers == list(range(1, 11))
    assert numbers[-1] < word_break.EXTEND < word_break.ZWJ < word_break.CR
