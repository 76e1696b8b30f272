"""Both rules against a literal reading of them, and spans that lead back to the stored text."""

import random
import time

import numpy as np
import pyarrow as pa
import pytest
from corpusmill.decontaminate.benchmarks import read_items
from corpusmill.decontaminate.detect import find_contamination
from corpusmill.decontaminate.find_contamination import contaminated_rows
from corpusmill.decontaminate.index import SHORTEST_ITEM, build_index
from corpusmill.edits.registry import edit_parts
from corpusmill.settings import BenchmarkSettings, ContaminationSettings
from corpusmill.text.batch import TextBatch
from corpusmill.text.spans import make_edits, no_edits


def batch_of(texts, edits=None):
    n = len(texts)
    values = {
        "doc_id": pa.array([f"{i:032x}" for i in range(n)]), "snapshot": pa.array(["s"] * n), "chunk": pa.array([0] * n, pa.int32()),
        "text_digest": pa.array([b"d"] * n), "text": pa.array(texts, pa.string()), "edits": edits if edits is not None else no_edits(n),
    }  # fmt: skip
    return pa.RecordBatch.from_arrays(list(values.values()), names=list(values))


def rows_of(texts, benchmarks, settings=None, edits=None, action="drop"):
    settings = settings or ContaminationSettings()
    index = build_index(benchmarks, settings)
    found = contaminated_rows(batch_of(texts, edits), index, settings.ratio, action).to_pylist()
    return [(int(r["doc_id"], 16), r["benchmark"], r["item"], r["hits"], [(s["start"], s["end"]) for s in r["spans"]]) for r in found]


def literal(documents, benchmarks, settings):  # noqa: C901 - the definition, spelled out
    """The rules word by word. Documents and items are lists of words; returns {(document, benchmark): (item, hits, word spans)}."""

    def grams(words, n):
        return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]

    counts = {}
    for _, items in benchmarks:
        for item in items:
            for gram in grams(item, settings.ratio_words) if settings.ratio_words else []:
                counts[gram] = counts.get(gram, 0) + 1
    out = {}
    for d, words in enumerate(documents):
        places = {}
        ratio_grams = grams(words, settings.ratio_words) if settings.ratio_words else []
        counted = sum(1 for gram in ratio_grams if 0 < counts.get(gram, 0) <= settings.ratio_max_count)
        over = bool(ratio_grams) and counted > settings.ratio * len(ratio_grams)
        for b, (name, items) in enumerate(benchmarks):
            for number, item in enumerate(items):
                size = settings.any_words if len(item) >= settings.any_words else len(item)
                wanted = set(grams(item, size)) if settings.any_words and size >= min(SHORTEST_ITEM, settings.any_words) else set()
                hits = [(i, i + size) for i, gram in enumerate(grams(words, size)) if wanted and gram in wanted]
                if over:
                    rare = {gram for gram in grams(item, settings.ratio_words) if counts[gram] <= settings.ratio_max_count}
                    hits += [(i, i + settings.ratio_words) for i, gram in enumerate(ratio_grams) if gram in rare]
                for start, end in hits:
                    places.setdefault((b, name), []).append((start, end, number))
        for (_, name), found in places.items():
            first = min(start for start, _, _ in found)
            shortest = min(end for start, end, _ in found if start == first)
            item = min(number for start, end, number in found if start == first and end == shortest)
            covered = sorted({k for start, end, _ in found for k in range(start, end)})
            spans = [[k, k + 1] for k in covered[:1]]
            for k in covered[1:]:
                if k == spans[-1][1]:
                    spans[-1][1] = k + 1
                else:
                    spans.append([k, k + 1])
            out[d, name] = (item, len({start for start, _, _ in found}), spans)
    return out


def instance(seed):
    """Documents of copied stretches of items between words of a small vocabulary, so that chance n-grams meet too."""
    r = random.Random(seed)
    vocabulary = [f"w{chr(97 + i)}" for i in range(r.choice([2, 26]))]

    def words(low, high):
        return [r.choice(vocabulary) for _ in range(r.randint(low, high))]

    benchmarks = [(name, [words(0, 26) for _ in range(r.randint(0, 4))]) for name in ("one", "two", "three")]
    items = [item for _, found in benchmarks for item in found if item] or [["x"]]
    benchmarks[0][1].extend(r.choice(items) for _ in range(r.randint(0, 5)))
    documents = []
    for _ in range(12):
        document = words(0, 60)
        for _ in range(r.randint(0, 2)):
            item = r.choice(items)
            begin = r.randrange(len(item))
            document = document[: r.randint(0, 60)] + item[begin:] + words(0, 30)
        documents.append(document)
    settings = ContaminationSettings(
        any_words=r.choice([0, 5, 8, 13]),
        ratio_words=r.choice([0, 6, 20]),
        ratio=r.choice([0.0, 0.1, 0.5]),
        ratio_max_count=r.choice([1, 4]),
    )
    return documents, benchmarks, settings


@pytest.mark.parametrize("seed", range(150))
def test_equals_the_literal_rules(seed):
    documents, benchmarks, settings = instance(seed)
    texts = [" ".join(words) for words in documents]
    found = rows_of(texts, [(name, [" ".join(item) for item in items]) for name, items in benchmarks], settings)
    expected = literal(documents, benchmarks, settings)
    assert {(d, name) for d, name, *_ in found} == set(expected)
    for d, name, item, hits, spans in found:
        number, places, word_spans = expected[d, name]
        byte_spans = [(len(" ".join(documents[d][:a])) + (a > 0), len(" ".join(documents[d][:b]))) for a, b in word_spans]
        assert (item, hits, spans) == (str(number), places, byte_spans)


def test_instances_reach_both_rules_and_neither():
    found = [literal(*instance(seed)) for seed in range(150)]
    assert any(found)
    assert not all(found)
    only_ratio = [literal(d, b, s) for d, b, s in map(instance, range(150)) if not s.any_words]
    assert any(only_ratio)


QUESTION = "Janet’s ducks lay 16 eggs per day. She eats three for breakfast every morning and bakes muffins!"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"Before. {QUESTION} After.", id="as it is"),
        pytest.param(f"Before. {QUESTION.upper()} After.", id="upper case"),
        pytest.param("Before. " + QUESTION.replace(".", " -- ").replace(" ", "\n \t") + " After.", id="other spaces and punctuation"),
        pytest.param(f"Before. {QUESTION.replace('16', '9,999')} After.", id="another number"),
        pytest.param(f"Before. {QUESTION.replace('breakfast', 'bréakfàst')} After.", id="accents"),
    ],
)
def test_spans_lead_back_to_the_stored_text(text):
    ((_, name, item, _, spans),) = rows_of(["nothing of the kind", text], [("gsm8k", ["x", QUESTION])])
    assert (name, item) == ("gsm8k", "1")
    ((start, end),) = spans
    passage = text.encode()[start:end].decode()
    assert passage.lower().startswith("janet")
    assert passage.lower().endswith("muffins")


def test_what_line_edits_remove_is_not_looked_at_and_spans_skip_it():
    words = [f"word{chr(97 + i)}" for i in range(13)]
    head, tail = " ".join(words[:6]), " ".join(words[6:])
    boilerplate = "accept our cookies\n"
    text = f"ä {head}\n{boilerplate}{tail} end"
    cut = text.encode().index(boilerplate.encode())
    edits = make_edits(np.array([0, 1]), np.array([cut]), np.array([cut + len(boilerplate)]), None, "c4_cookies")
    assert rows_of([text], [("b", [" ".join(words)])]) == []
    ((_, _, _, hits, spans),) = rows_of([text], [("b", [" ".join(words)])], edits=edits)
    assert hits == 1
    assert spans == [(3, len(f"ä {head}\n{boilerplate}{tail}".encode()))]
    whole = make_edits(np.array([0, 1]), np.array([0]), np.array([len(text.encode())]), None, "c4_policy")
    assert rows_of([text], [("b", [head])], edits=whole) == []


def test_each_benchmark_that_has_the_passage_gets_a_row():
    passage = " ".join(f"p{chr(97 + i)}" for i in range(15))
    found = rows_of([passage], [("a", [passage, passage]), ("none", ["other"]), ("c", ["", passage + " more"])])
    assert [(name, item, hits) for _, name, item, hits, _ in found] == [("a", "0", 3), ("c", "1", 3)]


def words(n, letter):
    return [f"{letter}{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(n)]


@pytest.mark.parametrize(("size", "found"), [(7, 0), (8, 1), (12, 1), (13, 1)])
def test_short_items_are_matched_whole_from_eight_words_on(size, found):
    item = words(size, "q")
    text = " ".join(words(30, "x") + item + words(30, "y"))
    assert len(rows_of([text], [("b", [" ".join(item)])])) == found
    assert rows_of([" ".join(words(30, "x") + item[1:])], [("b", [" ".join(item)])]) == []
    assert build_index([("b", [" ".join(item), ""])], ContaminationSettings()).unsearched == (1 - found,)


@pytest.mark.parametrize(("copied", "found"), [(28, 0), (29, 1)])
def test_ratio_is_more_than_a_tenth(copied, found):
    """100 words give 81 20-grams: 9 of them are more than 8.1, 9 words more than the 20 of the first; 8 are fewer."""
    settings = ContaminationSettings(any_words=0)
    text = " ".join(words(copied - 1, "q") + words(100 - copied + 1, "x"))
    assert len(rows_of([text], [("b", [" ".join(words(60, "q"))])], settings)) == found


def test_common_grams_do_not_count_for_the_ratio():
    settings = ContaminationSettings(any_words=0)
    item = " ".join(words(25, "q"))
    assert len(rows_of([item], [("b", [item] * 4)], settings)) == 1
    assert rows_of([item], [("b", [item] * 4), ("c", [item])], settings) == []


def test_a_document_shorter_than_the_grams_is_clean():
    item = " ".join(words(40, "q"))
    assert rows_of([" ".join(words(12, "q")), "", "。", "🦆" * 5], [("b", [item])]) == []


def test_the_action_is_recorded():
    index = build_index([("b", [QUESTION])], ContaminationSettings())
    assert contaminated_rows(batch_of([QUESTION]), index, 0.1, "annotate").column("action").to_pylist() == ["annotate"]


def test_no_documents_and_no_benchmarks():
    assert rows_of([], [("b", [QUESTION])]) == []
    assert rows_of([QUESTION], []) == []
    assert rows_of([QUESTION], [("b", [])]) == []


def test_every_item_of_a_real_benchmark_is_found_in_itself(shared_data):
    items = read_items(BenchmarkSettings(name="gsm8k", path=str(shared_data / "benchmarks" / "gsm8k_test.jsonl"), fields=("question",)))
    assert len(items) == 1319
    found = rows_of([f"A page. {item} And more." for item in items], [("gsm8k", items)])
    assert [d for d, *_ in found] == list(range(1319))
    code = read_items(BenchmarkSettings(name="humaneval", path=str(shared_data / "benchmarks" / "humaneval.jsonl.gz"), fields=("prompt",)))
    assert len(code) == 164
    assert len(rows_of(code, [("humaneval", code)])) == 164
    assert rows_of(code, [("gsm8k", items)]) == []


def test_span_edits_are_told_by_their_reason():
    """find_contamination takes the edits whose reason no span part has for line edits."""
    spans = [part for part in edit_parts().values() if part.kind == "span"]
    assert spans
    for part in edit_parts().values():
        found = part.find(TextBatch(pa.array([text for text, _ in part.examples]))).flatten().field("reason").unique().to_pylist()
        assert found
        assert all((reason in {p.name for p in spans}) == (part.kind == "span") for reason in found), part.name


def test_time_is_linear_where_all_is_contaminated():
    item = " ".join(words(300, "q"))
    index = build_index([("b", [item])], ContaminationSettings())

    def seconds(copies):
        texts = TextBatch(pa.array([" ".join([item] * copies)] * 20))
        begin = time.process_time()
        find_contamination(texts, index, 0.1)
        return time.process_time() - begin

    seconds(1)
    short, long = min(seconds(20) for _ in range(3)), min(seconds(80) for _ in range(3))
    assert long < 4 * 2.5 * short
