"""TextBatch over Arrow arrays of every shape."""

import pyarrow as pa
import pytest
from corpusmill.text.batch import TextBatch

from tests.unit.kernels.pieces import all_strings

TEXTS = ["first", "", "zweite Zeile\n中", "é"]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
@pytest.mark.parametrize(("start", "length"), [(0, 4), (1, 3), (2, 1), (1, 1), (4, 0)])
def test_slices_of_both_string_types(kind, start, length):
    texts = TextBatch(pa.array(TEXTS, kind).slice(start, length))
    wanted = TEXTS[start : start + length]
    assert texts.n == length
    assert [texts.text(i) for i in range(length)] == wanted
    assert texts.data.tobytes() == "".join(wanted).encode()
    assert texts.characters.tolist() == [len(text) for text in wanted]
    assert all_strings(texts, texts.lines) == [text.split("\n") for text in wanted]
    assert texts.tokens.first[-1] == len(texts.tokens.document) == len(texts.tokens.start)


def test_features_are_computed_once():
    texts = TextBatch(pa.array(TEXTS))
    assert texts.tokens is texts.tokens
    assert texts.lines is texts.lines


def test_words_are_counted_with_and_without_tokens():
    texts = ["a b", "", "one, two. " * 30 + "é " * 40 + "x" * 100 + " don't", "我们 " * 50, " \u0301" * 70]
    counted, kept = TextBatch(pa.array(texts)), TextBatch(pa.array(texts))
    assert counted.words.tolist() == kept.tokens.counts.tolist() == kept.words.tolist()
    assert "tokens" not in vars(counted)


def test_documents_of_spans():
    texts = TextBatch(pa.array(["a b", "", "c"]))
    assert texts.tokens.counts.tolist() == [2, 0, 1]
    assert texts.tokens.document.tolist() == [0, 0, 2]


@pytest.mark.parametrize(
    ("texts", "message"),
    [(pa.array(["a", None]), "1 of 2 are null"), (pa.array([b"a"]), "not binary"), (pa.array([], pa.int64()), "not int64")],
)
def test_what_is_no_array_of_texts(texts, message):
    with pytest.raises(ValueError, match=message):
        TextBatch(texts)
