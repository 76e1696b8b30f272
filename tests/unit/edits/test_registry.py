"""Every edit part that is found: its examples, its placement, and what an unknown name is told."""

import pyarrow as pa
import pytest
from corpusmill.edits.registry import chosen_parts, edit_parts
from corpusmill.errors import ConfigError
from corpusmill.settings import EditSettings
from corpusmill.text.batch import TextBatch
from corpusmill.text.spans import EDITS, apply_edits

EXAMPLES = [
    pytest.param(part, *example, id=f"{part.name}-{n}") for part in edit_parts().values() for n, example in enumerate(part.examples)
]
STRANGE = [
    "",
    " ",
    "\n",
    "...",
    "\u200b",
    "#",
    "😀" * 44,
    "我们" * 30,
    "\u0301",
    "@",
    "+",
    "(",
    "[",
    "[1]",
    "\u2028",
    "\ufffd",
    "a" * 100_000,
]


def test_the_parts_are_found():
    assert list(edit_parts()) == [
        "c4",
        "c4_boilerplate",
        "c4_no_terminal_punc",
        "email",
        "ip",
        "items_in_cart",
        "phone",
        "read_more",
        "refinedweb_lines",
        "sign_in",
    ]


@pytest.mark.parametrize(("part", "text", "expected"), EXAMPLES)
def test_examples(part, text, expected):
    texts = pa.array([text])
    assert apply_edits(texts, part.find(TextBatch(texts))).to_pylist() == [expected]


@pytest.mark.parametrize("part", edit_parts().values(), ids=lambda part: part.name)
def test_total_on_strange_texts_and_independent_of_the_batch(part):
    together = part.find(TextBatch(pa.array(STRANGE)))
    assert together.type == EDITS
    assert together.to_pylist() == [part.find(TextBatch(pa.array([text]))).to_pylist()[0] for text in STRANGE]
    assert len(part.find(TextBatch(pa.array([], pa.string())))) == 0


@pytest.mark.parametrize("part", edit_parts().values(), ids=lambda part: part.name)
def test_spans_lie_on_code_points_of_a_sliced_array(part):
    texts = pa.array(["skipped é", "é müller@example.de é +49 30 1234567 é 93.184.216.34 é[1]\r\né", "x"]).slice(1)
    for text, edits in zip(texts.to_pylist(), part.find(TextBatch(texts)).to_pylist(), strict=True):
        for edit in edits:
            text.encode()[edit["start"] : edit["end"]].decode()


def test_parts_come_in_the_order_of_the_recipe():
    lines, spans = chosen_parts(EditSettings(lines=("c4_no_terminal_punc", "c4"), spans=("phone", "email")))
    assert [part.name for part in (*lines, *spans)] == ["c4_no_terminal_punc", "c4", "phone", "email"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            EditSettings(lines=("c4_terminal_punc",)),
            r"edits\.lines: no line edit .* 'c4_terminal_punc'; did you mean 'c4_no_terminal_punc'\?",
        ),
        (EditSettings(spans=("emial",)), r"edits\.spans: no span edit is named 'emial'; did you mean 'email'\?"),
        (EditSettings(spans=("c4",)), r"no span edit is named 'c4'; known: email, ip, phone"),
    ],
)
def test_an_unknown_name_is_told_the_nearest(settings, message):
    with pytest.raises(ConfigError, match=message):
        chosen_parts(settings)
