"""The families of other projects' filters against plain Python twins, on any text."""

import pyarrow as pa
import pytest
from corpusmill.edits.registry import edit_parts
from corpusmill.signals.registry import families
from corpusmill.text.batch import TextBatch
from corpusmill.text.views import make_views
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tests.unit.signals import peer_twins
from tests.unit.signals.test_families import PIECES

FAMILIES = {family.name: family for family in families()}
OURS = [
    "of", "OF", "The", "o\u0066ten", "a#b", "#a#", "# ", "* ", "- ", "\u25cf ", "\u2022", "\u2026", "[...]", "[\u2026]", "-\u00bb", ". . .", " . ",
    "Read More", "read more..", "http", "https://", "http://a.b/c", ":", "://", "%2", "%20", "\u27e8", "[", "]", "}", "\b", "\x1c", "\u3000", "\v",
    "Privacy Policy", "privacy & cookies policy", "Any cookies that may not be particularly necessary", "we use cookies", "terms of use",
    "ipsum", "123", "9", "\u0308", " \u0308", "\u2028", "x" * 300, "y" * 257, "\u00a9", "\U0001f1e9\U0001f1ea", "\u4e00", "'", '"',
    "Lorem, ", "JavaScript", "\u25b6 ", "\u2013", "{", "A.B", "?!", "_", "\u00bd", "about",
]  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from([*PIECES, *OURS, " ", "\n", "\n\n"]), max_size=40).map("".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\u212a"), max_size=60),
)


def measured(name, texts, edits=()):
    views = make_views(pa.array(texts, pa.string()), [edit_parts()[edit].find for edit in edits])
    return FAMILIES[name].measure(views).to_pylist(), views.lines.texts.to_pylist()


@pytest.mark.parametrize("name", ["dolma", "curator", "data_juicer", "redpajama"])
@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
@example(texts=["", " ", "\n\n\n", "\u3000\n\u3000"])
@effort(max_examples=100, deadline=None)
def test_as_the_plain_twin(name, texts):
    found, _ = measured(name, texts)
    for text, values in zip(texts, found, strict=True):
        assert values == getattr(peer_twins, name)(text), repr(text)


@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
@example(texts=["", " ", "HOME\n\n\nA line of prose stays.\n 3 likes \n\n\n\nA line of prose stays."])
@effort(max_examples=100, deadline=None)
def test_dclm_as_the_plain_twin(texts):
    found, edited = measured("dclm", texts, ["refinedweb_lines"])
    for text, rest, values in zip(texts, edited, found, strict=True):
        assert values == peer_twins.dclm(text, rest), repr(text)


WORDS = ["a", "bb", "ccc", "The", "Été", "ΣΣ", "-", "1.", "(x)", "中文", "。"]
REPEATING = st.builds(
    lambda pieces, times, gap: gap.join(pieces * times),
    st.lists(st.sampled_from(WORDS), max_size=14),
    st.integers(0, 4),
    st.sampled_from([" ", "\n", "", "\u00a0", " \t"]),
)


@pytest.mark.parametrize(
    "name", ["dolma_repetition", "curator_repetition", "data_juicer_repetition", "chinese_repetition", "redpajama_repetition"]
)
@given(texts=st.lists(st.one_of(TEXTS, REPEATING), min_size=1, max_size=6))
@effort(max_examples=150, deadline=None)
def test_repetition_as_the_plain_twin(name, texts):
    found, _ = measured(name, texts)
    for text, values in zip(texts, found, strict=True):
        assert values == getattr(peer_twins, name)(text), repr(text)


@given(texts=st.lists(st.one_of(TEXTS, REPEATING), min_size=1, max_size=6))
@effort(max_examples=150, deadline=None)
def test_dclm_repetition_as_the_plain_twin(texts):
    """The words are those of UAX #29 also where the language is English; test_words.py shows that they are right."""
    found, _ = measured("dclm_repetition", texts)
    words, data = TextBatch(pa.array(texts, pa.string())).tokens, "".join(texts).encode()
    for row, (text, values) in enumerate(zip(texts, found, strict=True)):
        own = [data[words.start[k] : words.end[k]].decode() for k in range(words.first[row], words.first[row + 1])]
        assert values == peer_twins.dclm_repetition(text, own), repr(text)


def test_masked_spans_are_those_of_the_span_edits():
    parts = edit_parts()
    texts = ["Write to a@example.com or b@example.org, from 93.184.216.34.\nBuy now", "No address here."]
    views = make_views(pa.array(texts), [parts["c4"].find], None, [parts["email"].find, parts["ip"].find])
    assert FAMILIES["edited"].measure(views).field("masked_spans").to_pylist() == [3, 0]
