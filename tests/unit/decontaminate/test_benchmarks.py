"""Benchmark files: plain and gzipped JSON lines, and one line for each way in which they can be wrong."""

import gzip
import json

import pytest
from corpusmill.decontaminate.benchmarks import benchmark_digest, read_items
from corpusmill.errors import InputError
from corpusmill.settings import BenchmarkSettings

ITEMS = [{"question": "Who? \u2028 Why?", "choices": ["A", "B"], "n": 3}, {"question": "Where?", "choices": []}]


def settings(path, *fields):
    return BenchmarkSettings(name="bench", path=str(path), fields=fields or ("question", "choices"))


def lines(items=ITEMS):
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items).encode()


@pytest.mark.parametrize(("name", "pack"), [("a.jsonl", bytes), ("a.jsonl.gz", gzip.compress), ("gzipped-without-suffix", gzip.compress)])
def test_items_by_line(tmp_path, name, pack):
    (tmp_path / name).write_bytes(pack(lines()))
    assert read_items(settings(tmp_path / name)) == ["Who? \u2028 Why? A B", "Where? "]


def test_an_empty_line_keeps_line_numbers(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + lines(ITEMS[:1]) + b"\r\n" + lines(ITEMS[1:])[:-1])
    assert read_items(settings(tmp_path / "a.jsonl", "question")) == ["Who? \u2028 Why?", "", "Where?"]


@pytest.mark.parametrize(
    ("content", "fields", "message"),
    [
        pytest.param(lines(), ("answer",), "a.jsonl line 1 has no field 'answer'; its fields: question, choices, n", id="field"),
        pytest.param(lines(), ("question", "n"), "line 1 holds no text in field 'n'", id="number"),
        pytest.param(b'{"question": "a"}\n{oops\n', ("question",), "line 2 is not JSON", id="json"),
        pytest.param(b"[1]\n", ("question",), "line 1 is not a JSON object", id="array"),
        pytest.param(b"\x1f\x8bbroken", ("question",), "is not JSON lines in UTF-8, plain or gzipped", id="gzip"),
        pytest.param(b"\xff\xfe", ("question",), "is not JSON lines in UTF-8", id="utf8"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, content, fields, message):
    (tmp_path / "a.jsonl").write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_items(settings(tmp_path / "a.jsonl", *fields))
    assert message in str(raised.value)
    assert str(raised.value).startswith("benchmark bench: ")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("call", [read_items, benchmark_digest])
def test_a_missing_file(tmp_path, call):
    with pytest.raises(InputError, match=r"benchmark bench: there is no file .*nowhere.jsonl; mend contamination.benchmarks"):
        call(settings(tmp_path / "nowhere.jsonl"))


def test_the_digest_is_of_the_content(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(lines())
    (tmp_path / "c").write_bytes(lines(ITEMS[:1]))
    a, b, c = (benchmark_digest(settings(tmp_path / name)) for name in "abc")
    assert a == b != c
