"""Edits: applied as a twin applies them, merged in any order, mapped back to where they came from."""

import random

import pyarrow as pa
import pytest
from corpusmill.text.spans import EDITS, EditView, apply_edits, make_edits, merge_edits, no_edits

from tests.unit.kernels import twins


def edits(*documents):
    """Lists of (start, end, replacement) or (start, end) as an edit array."""
    lists = [
        [{"start": e[0], "end": e[1], "replacement": e[2] if len(e) > 2 else None, "reason": "r"} for e in document]
        for document in documents
    ]
    return pa.array(lists, EDITS)


def spans(array):
    return [[(e["start"], e["end"]) for e in document] for document in array.to_pylist()]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param([], "0123456789", id="no edit"),
        pytest.param([(2, 4)], "01456789", id="a deletion"),
        pytest.param([(2, 4, "<X>")], "01<X>456789", id="a placeholder"),
        pytest.param([(6, 8), (0, 2)], "234589", id="not sorted"),
        pytest.param([(2, 5, "<X>"), (4, 7, "<LONG>")], "01<LONG>789", id="of overlapping placeholders the longest"),
        pytest.param([(2, 5, "<B>"), (4, 7, "<A>")], "01<A>789", id="of two as long the one that sorts first"),
        pytest.param([(2, 5, "<X>"), (4, 7)], "01789", id="a union with a deletion is deleted"),
        pytest.param([(2, 4), (3, 5, "<X>"), (4, 6, "<LONG>")], "016789", id="deletion first, through a chain"),
        pytest.param([(2, 4, "<X>"), (4, 6)], "01<X>6789", id="neighbours are not united"),
        pytest.param([(2, 2, "<X>"), (2, 2, "<X>")], "01<X>23456789", id="the same insertion twice is one"),
        pytest.param([(0, 10)], "", id="everything"),
        pytest.param([(2, 4, "")], "01456789", id="an empty placeholder"),
    ],
)
def test_apply(found, expected):
    texts = pa.array(["0123456789", "untouched"])
    assert apply_edits(texts, edits(found, [])).to_pylist() == [expected, "untouched"]
    assert twins.apply_edits("0123456789", [(*edit, None)[:3] for edit in found]) == expected


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
def test_offsets_are_of_the_document_and_the_type_stays(kind):
    texts = pa.array(["skipped", "日本語", "abc"], kind).slice(1)
    edited = apply_edits(texts, edits([(0, 1)], [(3, 6, "é")], [(1, 2, "<Ä>")]).slice(1))
    assert edited.type == kind
    assert edited.to_pylist() == ["日é語", "a<Ä>c"]


def test_null_lists_are_empty_ones():
    assert apply_edits(
        pa.array(["ab", "cd"]), pa.array([None, [{"start": 0, "end": 1, "replacement": None, "reason": ""}]], EDITS)
    ).to_pylist() == ["ab", "d"]


def test_texts_without_edits_are_not_copied():
    texts = pa.array(["ab", "cd"])
    assert apply_edits(texts, no_edits(2)) is texts


@pytest.mark.parametrize("edit", [(-1, 2), (1, 11), (5, 4)])
def test_an_edit_of_another_text_is_refused(edit):
    with pytest.raises(ValueError, match="another text"):
        apply_edits(pa.array(["0123456789", "x" * 100]), edits([edit], []))


def random_case(seed, n=400):
    choose = random.Random(seed)
    texts = ["".join(choose.choices("aé日😀", k=choose.randrange(12))) for _ in range(n)]
    found = []
    for text in texts:
        cuts = [0]
        for character in text:
            cuts.append(cuts[-1] + len(character.encode()))
        pairs = [sorted(choose.choices(cuts, k=2)) for _ in range(choose.randrange(5))]
        found.append([(a, b, choose.choice([None, "", "<A>", "<BB>", "<CC>"])) for a, b in pairs])
    return texts, found


@pytest.mark.parametrize("seed", range(4))
def test_random_edits_as_the_twin_in_any_order(seed):
    texts, found = random_case(seed)
    expected = [twins.apply_edits(text, document) for text, document in zip(texts, found, strict=True)]
    array = pa.array(texts)
    assert apply_edits(array, edits(*found)).to_pylist() == expected
    first, second = edits(*[document[:2] for document in found]), edits(*[document[2:] for document in found])
    one, other = merge_edits(first, second), merge_edits(second, first)
    assert apply_edits(array, one).to_pylist() == apply_edits(array, other).to_pylist() == expected
    assert all(document == sorted(document) for document in spans(one))
    assert sum(map(len, spans(one))) == sum(map(len, found))
    assert apply_edits(array, merge_edits(one, one)).to_pylist() == expected


@pytest.mark.parametrize(
    ("edit", "on_edited", "raw"),
    [
        pytest.param((5, 8), (0, 5), (0, 5), id="before a deletion"),
        pytest.param((5, 8), (5, 7), (8, 10), id="after a deletion"),
        pytest.param((5, 8), (4, 6), (4, 9), id="over a deletion"),
        pytest.param((5, 8), (5, 5), (8, 8), id="nothing, at a deletion"),
        pytest.param((5, 8, "<X>"), (5, 8), (5, 8), id="a placeholder"),
        pytest.param((5, 8, "<X>"), (6, 7), (5, 8), id="inside a placeholder"),
        pytest.param((5, 8, "<X>"), (0, 5), (0, 5), id="before a placeholder"),
        pytest.param((5, 8, "<X>"), (8, 9), (8, 9), id="after a placeholder"),
        pytest.param((5, 8, "<X>"), (7, 9), (5, 9), id="out of a placeholder"),
        pytest.param((5, 6, "<LONG>"), (11, 13), (6, 8), id="a text that grew"),
    ],
)
def test_back_to_raw(edit, on_edited, raw):
    view = EditView(pa.array(["x", "0123456789"]), edits([], [edit]))
    back = view.to_raw(edits([(0, 1, "p")], [(*on_edited, "p")]))
    assert spans(back) == [[(0, 1)], [raw]]
    assert back.to_pylist()[1][0]["replacement"] == "p"


def test_neighbouring_deletions_are_passed_together():
    view = EditView(pa.array(["0123456789"]), edits([(2, 4), (4, 6), (7, 9)]))
    assert view.texts.to_pylist() == ["0169"]
    assert spans(view.to_raw(edits([(0, 2), (2, 3), (3, 4)]))) == [[(0, 2), (6, 7), (9, 10)]]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_maps_back_to_itself(seed):
    """Every character that no edit touches is the same character at its raw place, and the order of places stays."""
    texts, found = random_case(seed)
    view = EditView(pa.array(texts), edits(*[[(a, b) for a, b, _ in document] for document in found]))
    for d, edited in enumerate(view.texts.to_pylist()):
        sizes = [len(character.encode()) for character in edited]
        on_edited = [(sum(sizes[:k]), sum(sizes[: k + 1])) for k in range(len(sizes))]
        one = EditView(pa.array([texts[d]]), edits([(a, b) for a, b, _ in found[d]]))
        raw = spans(one.to_raw(edits(on_edited)))[0]
        assert raw == sorted(raw)
        assert "".join(texts[d].encode()[a:b].decode() for a, b in raw) == edited


def test_make_edits_takes_one_value_or_many():
    array = make_edits([0, 1, 2], [0, 3], [1, 4], pa.array([None, "x"]), "why")
    assert array.type == EDITS
    assert [e["replacement"] for document in array.to_pylist() for e in document] == [None, "x"]
    assert [e["reason"] for document in array.to_pylist() for e in document] == ["why", "why"]
