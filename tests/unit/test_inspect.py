"""inspect: the same signals, reasons, edits and text as the jobs, without Spark."""

import json
import subprocess
import sys

import pyarrow as pa
import pytest
from corpusmill.errors import ConfigError, InputError
from corpusmill.inspect import explain, inspect_lines, inspect_text
from corpusmill.settings import Config
from corpusmill.signals.registry import families
from corpusmill.text.spans import EDITS, apply_edits
from rich.console import Console

CONFIG = Config.model_validate(
    {
        "edits": {"lines": ["c4_no_terminal_punc"], "spans": ["email", "ip", "phone"]},
        "rules": [
            {"reason": "language", "signal": "language.code", "in": ["en"]},
            {"reason": "short", "signal": "counts.words", "min": 10, "source": "a test"},
            {"reason": "empty", "signal": "fineweb.lines", "min": 1},
        ],
    }
)
TEXT = "Write to john@example.com\r\nMenu\n  or call +1 (555) 123-4567 today, all are welcome."


def test_one_text():
    (answer,) = inspect_text([("a", TEXT)], CONFIG)
    assert list(answer) == ["id", "reasons", "signals", "edits", "text"]
    assert (answer["id"], answer["reasons"]) == ("a", [])
    assert list(answer["signals"]) == [family.name for family in families() if family.always]
    assert answer["text"] == "Write to <EMAIL>\nor call <PHONE> today, all are welcome."
    assert apply_edits(pa.array([TEXT]), pa.array([answer["edits"]], EDITS))[0].as_py() == answer["text"]
    assert {edit["reason"] for edit in answer["edits"]} >= {"email", "phone", "c4_too_few_words", "c4_whitespace"}


def test_reasons_are_in_recipe_order():
    assert [answer["reasons"] for answer in inspect_text([("a", ""), ("b", "Ja, das ist gut.")], CONFIG)] == [
        ["language", "short", "empty"],
        ["language", "short"],
    ]


def test_without_a_recipe_everything_is_kept_as_it_is():
    (answer,) = inspect_text([("a", TEXT)], Config())
    assert (answer["reasons"], answer["edits"], answer["text"]) == ([], [], TEXT)


def test_json_lines_in_batches():
    lines = [json.dumps({"id": f"d{n}", "text": f"text {n}"}) + "\n" for n in range(600)]
    lines[3] = "\n"
    lines[5] = json.dumps({"text": "without id"})
    answers = list(inspect_lines(lines, CONFIG))
    assert [answer["id"] for answer in answers] == ["d0", "d1", "d2", "d4", "6", *(f"d{n}" for n in range(6, 600))]
    json.dumps(answers)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: not JSON: "),
        ("[]", "line 2: must be an object with a text"),
        ('{"text": 1}', "line 2: must be an object with a text"),
    ],
)
def test_a_line_that_is_none(line, message):
    with pytest.raises(InputError, match=message):
        list(inspect_lines(['{"text": "a"}', line], CONFIG))


@pytest.mark.parametrize("text", ["", "a\0b", "\ud800", "\ud83d\ude00", "😀\udfff"])
def test_text_is_taken_as_ingest_stores_it(text):
    (answer,) = inspect_text([("a", text)], Config())
    assert answer["text"] == "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in text.replace("\0", " "))


def test_what_stands_before_a_broken_line_is_answered():
    answers = []
    with pytest.raises(InputError, match="line 3: not JSON"):
        answers.extend(inspect_lines(['{"text": "a"}', '{"id": "\\ud800", "text": "b"}', "{"], Config()))
    assert [answer["text"] for answer in answers] == ["a", "b"]


def test_the_command_takes_bytes_as_they_are(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"One line.\r\nAnother \xff line.\r")
    command = [sys.executable, "-m", "corpusmill.cli", "inspect", "--jsonl"]
    line = json.dumps({"text": path.read_bytes().decode("utf-8", "replace")}) + "\n"
    answer = json.loads(subprocess.run(command, input=line.encode(), capture_output=True, check=True).stdout)
    assert answer["text"] == "One line.\r\nAnother \ufffd line.\r"
    shown = subprocess.run([*command[:-1], str(path)], capture_output=True, check=True)
    assert "Another \ufffd line." in shown.stdout.decode()
    assert subprocess.run(command[:-1], input=path.read_bytes(), capture_output=True, check=True).stdout == shown.stdout


def test_explain_shows_every_rule_with_value_and_bound():
    console = Console(record=True, width=200, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115 - a sink
    console.print(explain("Ja, das ist gut. [a] mail x@example.com or this", CONFIG))
    shown = console.export_text()
    assert "out: language" in shown
    for part in (
        "counts.words >= 10",
        "language.code in en",
        "a test",
        "passes",
        "fails",
        "x@example.com",
        "<EMAIL>",
        "fineweb.list_ratio",
    ):
        assert part in shown, part


def test_explain_says_kept():
    console = Console(record=True, width=200, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115 - a sink
    console.print(explain(TEXT, CONFIG))
    assert console.export_text().startswith("kept")


def test_unknown_names_are_errors():
    with pytest.raises(ConfigError, match="emial"):
        inspect_text([("a", "")], Config.model_validate({"edits": {"spans": ["emial"]}}))


def test_pyspark_is_not_imported():
    program = "import sys, corpusmill.inspect as i; from corpusmill.settings import Config\n"
    program += "i.inspect_text([('a', 'b')], Config()); sys.exit('pyspark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
