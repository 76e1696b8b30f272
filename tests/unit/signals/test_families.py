"""Every signal family that is found: its examples, its types, strange texts, and plain Python twins on random ones."""

import math
import random
import time
from dataclasses import replace

import pyarrow as pa
import pytest
from corpusmill.signals.registry import Family, families, ratio
from corpusmill.text.views import make_views

from tests.hostile import HOSTILE
from tests.unit.signals import signals_twin

STRANGE = [
    "",
    " ",
    "\n\n",
    "...",
    "\u200b",
    "#",
    "😀",
    "😀" * 44,
    "我们" * 30,
    "\u0301",
    "\ufffd",
    "{",
    "\u2028",
    "a" * 100_000,
    "#\n" * 1000,
]
PIECES = [
    "the", "The", "to", "have", "with", "x", "Wort", "中文", "これ", "#", "##", "...", "....", "…", ".", "!", "?", "。", "¿", "-", "•", "* ", "{",
    "lorem ipsum", "Lorem Ipsum", "\n", "\n", "\n\n", "\r\n", "\u2028", "\x85", " ", "  ", "\t", "\u00a0", "\u200b", "é", "😀", "३", "؟",
    "a line that is longer than thirty characters.", "٪", "፧", "(", ")", "ÄÖ", "²", "Ⅷ", "𠀀", "〇",
]  # fmt: skip
EXAMPLES = [pytest.param(family, *example, id=f"{family.name}-{n}") for family in families() for n, example in enumerate(family.examples)]


def measured(family, texts):
    return family.measure(make_views(pa.array(texts, pa.string()), []))


def test_the_families_are_found():
    assert [family.name for family in families()] == [
        "c4", "characters", "chinese", "chinese_repetition", "counts", "curator", "curator_repetition", "data_juicer", "data_juicer_repetition",
        "dclm", "dclm_repetition", "dolma", "dolma_repetition", "edited", "fineweb", "gopher_quality", "gopher_repetition", "language",
        "language_mix", "line_lengths", "redpajama", "redpajama_repetition",
    ]  # fmt: skip


@pytest.mark.parametrize(("family", "text", "expected"), EXAMPLES)
def test_examples(family: Family, text, expected):
    (values,) = measured(family, [text]).to_pylist()
    assert {name: values[name] for name in expected} == expected


@pytest.mark.parametrize("family", families(), ids=lambda family: family.name)
def test_a_signal_is_measured_on_the_view_that_it_names(family: Family):
    """Either view is exchanged for another text: the signals that name the other one stay, and of those that name it one at least moves."""
    one = make_views(pa.array(["The first text is here. The first text is here.\n" * 9], pa.string()), [])
    two = make_views(pa.array(["# Ein zweiter Text, und # er ist {anders} ...\n\nlorem ipsum"], pa.string()), [])
    (before,) = family.measure(one).to_pylist()
    for view in {view for field in family.fields for view in (("raw", "lines") if field.view == "both" else (field.view,))}:
        other = {view: getattr(two, view)} | ({"languages": two.languages} if view == "raw" else {})
        (after,) = family.measure(replace(one, **other)).to_pylist()
        moved = {name for name, value in after.items() if value != before[name]}
        assert moved
        assert moved <= {field.name for field in family.fields if field.view in (view, "both")}


@pytest.mark.parametrize("family", families(), ids=lambda family: family.name)
def test_types_and_strange_texts(family: Family):
    together = measured(family, STRANGE)
    assert together.type == family.arrow()
    assert family.ddl() == "struct<" + ",".join(f"{field.name}:{field.type}" for field in family.fields) + ">"
    assert len(measured(family, [])) == 0
    for text, values in zip(STRANGE, together.to_pylist(), strict=True):
        assert all(math.isfinite(value) for value in values.values() if isinstance(value, float))
        assert None not in values.values()
        assert measured(family, [text]).to_pylist() == [values], "a value depends on the batch"


@pytest.mark.parametrize("family", families(), ids=lambda family: family.name)
def test_declared_values_are_what_an_empty_text_has(family: Family):
    (values,) = measured(family, [""]).to_pylist()
    for field in family.fields:
        assert values[field.name] == (0 if field.undefined is None else field.undefined), field.name


@pytest.mark.parametrize("family", families(), ids=lambda family: family.name)
def test_hostile_texts_are_measured_in_linear_time(family: Family):
    """Half of each text first, then the whole: the processor's time is less than threefold, as doubled work is."""
    for name, text in HOSTILE.items():
        # The first reading may compile a kernel that the half had no need of.
        half, whole = seconds_of_halves(family, text)
        if whole >= 3 * half + 0.25:
            half, whole = seconds_of_halves(family, text)
        assert whole < 3 * half + 0.25, f"{name}: {half}, {whole}"


def seconds_of_halves(family, text):
    """Processor seconds for half of a text, and for all of it."""
    seconds = []
    for part in (text[: len(text) // 2], text):
        views = make_views(pa.array([part], pa.string()), [])
        begin = time.process_time()
        (values,) = family.measure(views).to_pylist()
        seconds.append(time.process_time() - begin)
        assert None not in values.values()
    return seconds


def random_texts(seed, count=200):
    chance = random.Random(seed)
    return ["".join(chance.choice(PIECES) + chance.choice(["", " "]) for _ in range(chance.randint(0, 60))) for _ in range(count)]


@pytest.mark.parametrize("seed", range(4))
def test_twins_agree(seed):
    texts = random_texts(seed)
    views = make_views(pa.array(texts), [])
    tokens, data = views.raw.tokens, views.raw.data.tobytes()
    found = {family.name: family.measure(views).to_pylist() for family in families()}
    for row, text in enumerate(texts):
        words = [data[tokens.start[k] : tokens.end[k]].decode() for k in range(tokens.first[row], tokens.first[row + 1])]
        assert found["gopher_quality"][row] == signals_twin.gopher_quality(text, words), repr(text)
        assert found["fineweb"][row] == signals_twin.fineweb(text, words), repr(text)
        assert found["c4"][row] | signals_twin.c4(text) == found["c4"][row], repr(text)
        assert found["characters"][row] == signals_twin.characters(text), repr(text)
        assert found["line_lengths"][row] == signals_twin.line_lengths(text), repr(text)
        assert found["counts"][row] == {"characters": len(text), "words": len(words), "lines": len(text.splitlines())}


def test_views_are_told_apart():
    """Gopher's families look at the stored text, C4's and FineWeb's at what the line edits leave."""
    from corpusmill.edits.registry import edit_parts

    views = make_views(pa.array(["a\nThis line is kept by the rules.\nb"]), [edit_parts()["c4"].find])
    found = {family.name: family.measure(views).to_pylist()[0] for family in families()}
    assert (found["counts"]["lines"], found["c4"]["lines"], found["fineweb"]["lines"]) == (3, 1, 1)
    assert found["gopher_quality"]["words"] == 9
    assert found["edited"]["removed_words"] == 2 / 10


def test_ratio_is_pythons_division():
    import numpy as np

    assert ratio(np.array([1, 0, 5]), np.array([3, 0, 55]), 0.5).tolist() == [1 / 3, 0.5, 5 / 55]
