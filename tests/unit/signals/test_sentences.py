"""Sentences and line ends: what counts, next to what does not."""

import numpy as np
import pytest
from corpusmill.kernels.sentences import TERMINALS, count_sentences, describe_lines


def lines_of(*texts):
    ends = np.cumsum([len(text.encode()) for text in texts])
    return np.frombuffer("".join(texts).encode() + b" ", np.uint8), np.concatenate([[0], ends[:-1]]), ends


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("  \u00a0", 0),
        ("no end", 1),
        ("One.", 1),
        ("One. Two! Three? Four", 4),
        ("One.Two", 1),
        ("It costs 3.50 today. Yes.", 2),
        ('He said "Hi." Then he left.', 2),
        ("Really?! Yes... no. ", 2),
        ("J. R. Smith met A. Jones. Fine.", 2),
        ("Use e.g. this, i.e. that. Fine.", 2),
        ("これは文です。それも文です。", 2),
        ("是吗？（是。）好", 3),
        ("क्या? हाँ। ठीक।", 3),
        ("End. - ! ...", 1),
        ("... ! ?", 1),
        ("...", 1),
        ("Mr. Smith came.", 2),
    ],
)
def test_count(text, count):
    """In any language but English, `Mr.` is split like any other word."""
    assert count_sentences(*lines_of(text), np.zeros(1, bool))[0].tolist() == [count]


def test_lines_are_apart_and_each_in_its_language():
    lines = "One.", "Two", "", "三。四", "Mr. Smith came.", "Mr. Smith came."
    assert count_sentences(*lines_of(*lines), np.array([1, 1, 1, 0, 0, 1], bool))[0].tolist() == [1, 1, 0, 2, 2, 1]


def test_line_ends():
    filled, ended = describe_lines(*lines_of("a.", "a. ", "a\u3002", " \u2003", "", 'a"', "؟", "a…"))
    assert filled.tolist() == [True, True, True, False, False, True, True, True]
    assert ended.tolist() == [True, False, True, False, False, False, True, False]


def test_terminals_are_unicodes():
    """Sentence_Terminal of the Unicode version that datatrove's list was made from, and three Khmer signs."""
    regex = pytest.importorskip("regex")
    assert TERMINALS.size == 159
    assert sorted(TERMINALS) == TERMINALS.tolist()
    others = [code for code in TERMINALS.tolist() if not regex.match(r"\p{Sentence_Terminal}", chr(code))]
    assert others == [0x17D6, 0x17D9, 0x17DA]
