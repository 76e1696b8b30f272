"""Compares what `corpusmill inspect` answers with what the jobs have written."""

import json
import subprocess
import sys

from corpusmill.cli import parse_arguments
from corpusmill.score_tables import score_table
from corpusmill.signals.registry import families
from corpusmill.tables import Corpus, Documents, Signals, Verdicts


def assert_inspect_agrees(store, recipe, *overrides):
    """Every document of the store: same signals, scores, reasons and edits, and the corpus's text. Returns the number of documents."""
    documents = store.read(Documents).select(Documents.doc_id, Documents.text).collect()
    given = "".join(json.dumps({"id": row.doc_id, "text": row.text}) + "\n" for row in documents)
    command = [sys.executable, "-m", "corpusmill.cli", "inspect", "--jsonl", "--conf", str(recipe), *overrides]
    answered = subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout
    # Not splitlines: a text may hold U+2028.
    answers = {answer["id"]: answer for answer in map(json.loads, answered.rstrip("\n").split("\n"))}
    assert answers.keys() == {row.doc_id for row in documents}
    scores = parse_arguments(["--conf", str(recipe), *overrides]).scores
    scored = {s.name: {row.doc_id: row[s.name].asDict() for row in store.read(score_table(s)).collect()} for s in scores}
    for row in store.read(Signals).collect():
        answer, signals = answers[row.doc_id], row.asDict(recursive=True)
        assert answer["signals"] == {
            **{family.name: signals[family.name] for family in families() if signals[family.name] is not None},
            **{name: found.get(row.doc_id) for name, found in scored.items()},
        }, row.doc_id
        assert answer["edits"] == signals["edits"], row.doc_id
    for row in store.read(Verdicts).collect():
        assert answers[row.doc_id]["reasons"] == row.reasons, row.doc_id
    corpus = store.read(Corpus).select(Corpus.doc_id, Corpus.text).collect()
    for row in corpus:
        assert answers[row.doc_id]["text"] == row.text, row.doc_id
    assert corpus, "no document to compare the text of"
    return len(documents)
