"""Passages of texts: where they are and which are equal, as the plain Python twin finds them; and what screens promise."""

import random
from collections import Counter
from itertools import product

import numpy as np
import pytest
from corpusmill.kernels.hash_bits import find_bits, set_bits
from corpusmill.passages.units import KINDS, find_units, screens
from corpusmill.settings import PassageSettings

from tests import passage_twins as twins
from tests.unit.kernels.pieces import HOSTILE, batch

SETTINGS = PassageSettings(kinds=KINDS, line_characters=12, paragraph_characters=9, sentences=2, substring_tokens=7)
TWINS = {
    "lines": lambda text: twins.lines(text, 12),
    "paragraphs": lambda text: twins.paragraphs(text, 9),
    "sentences": lambda text: twins.sentences(text, 2),
    "substrings": lambda text: twins.stretches(text, 7),
}


def rows(units):
    columns = (units.document, units.start, units.end, units.hash, units.second, units.screen)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_as_the_twin_finds_them(kind, seed):
    texts = ["", *twins.corpus(random.Random(seed), 6000, "q"), " \n\n ", "."]
    found = rows(find_units(batch(*texts), kind, SETTINGS))
    expected = [(d, *unit) for d, text in enumerate(texts) for unit in TWINS[kind](text)]
    assert [row[:3] for row in found] == [unit[:3] for unit in expected]
    for column in (3, 4):
        pairs = {(row[column], unit[3]) for row, unit in zip(found, expected, strict=True)}
        assert len(pairs) == len({value for _, value in pairs}) == len({value for value, _ in pairs})


@pytest.mark.parametrize("kind", KINDS)
def test_equal_passages_have_a_screen_that_comes_twice(kind):
    texts = batch(*twins.corpus(random.Random(7), 20_000, "q"))
    units = find_units(texts, kind, SETTINGS)
    counts = Counter(screens(texts, [kind], SETTINGS).tolist())
    found = Counter(units.hash.tolist())
    assert any(count > 1 for count in found.values())
    assert all(counts[screen] > 1 for value, screen in zip(units.hash.tolist(), units.screen.tolist(), strict=True) if found[value] > 1)
    assert {*units.screen.tolist()} == {*counts}


def test_kinds_have_hashes_apart():
    text = batch("The very same words stand here once.")
    whole = PassageSettings(kinds=KINDS, sentences=1)
    lines, paragraphs, sentences = (find_units(text, kind, whole).hash.tolist() for kind in KINDS[:3])
    assert len({*lines, *paragraphs, *sentences}) == 3
    assert len(screens(text, KINDS, whole)) == 3


def test_anchors_are_few():
    words = " ".join(f"w{k}" for k in range(30_000))
    share = len(screens(batch(words), ["substrings"], PassageSettings(kinds=("substrings",)))) / 30_000
    assert 0.06 < share < 0.09


@pytest.mark.parametrize("kind", KINDS)
def test_what_occurs_once_rarely_passes_a_filter_of_what_occurs_twice(kind):
    """Also of anchors, which are the least of many hashes: the filter takes upper bits for uniform."""
    words = ["".join(letters) for letters in product("abcdefghijklmnopq", repeat=4)]
    text = "\n\n".join(" ".join(words[first : first + 8]) + "." for first in range(0, len(words), 8))
    found = screens(batch(text), [kind], PassageSettings(kinds=(kind,)))
    bits = (16 * len(found)).bit_length()
    once = np.zeros(1 << (bits - 6), np.uint64)
    again = np.zeros_like(once)
    set_bits(found, 64 - bits + 6, once, again)
    passes = np.empty(len(found), np.bool_)
    find_bits(found, 64 - bits + 6, again, passes)
    assert len({*found.tolist()}) == len(found) > 5000
    assert passes.mean() < 0.03


def test_a_document_of_which_all_lines_go_is_empty():
    """Blank lines and marks between lines go with the line before them."""
    text = "\nThe first of two long lines of text.\n\n***\n\nThe second of two long lines of text.\n\n"
    found = find_units(batch(text), "lines", PassageSettings(kinds=("lines",)))
    assert (found.start.tolist(), found.end.tolist()[-1]) == ([0, found.end[0]], len(text))


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_texts_have_passages_inside_them(kind):
    settings = PassageSettings(kinds=KINDS, line_characters=1, paragraph_characters=1, sentences=1, substring_tokens=2)
    texts = [*HOSTILE.values(), *(text * 40 for text in HOSTILE.values())]
    found = find_units(batch(*texts), kind, settings)
    sizes = np.array([len(text.encode()) for text in texts])
    assert ((found.start >= 0) & (found.start < found.end) & (found.end <= sizes[found.document])).all()


def test_numbers_and_marks_alone():
    """Lines differ by their numbers and are equal; marks alone are no line."""
    texts = batch("Page 12 of the whole long document\n" + "-" * 40, "page 7 of the WHOLE long document!")
    found = find_units(texts, "lines", PassageSettings(kinds=("lines",)))
    assert (found.document.tolist(), len({*found.hash.tolist()})) == ([0, 1], 1)
    exact = find_units(texts, "paragraphs", PassageSettings(kinds=("paragraphs",)))
    assert len({*exact.hash.tolist()}) == 2
