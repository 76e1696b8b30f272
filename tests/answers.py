"""Compares what `corpusmill inspect` answers with what the jobs have written."""

import json
import subprocess
import sys

from corpusmill.signals.registry import families
from corpusmill.tables import Corpus, Documents, Signals, Verdicts


def assert_inspect_agrees(store, recipe):
    """Every document of the store: same signals, reasons and edits, and the corpus's text. Returns the number of documents."""
    documents = store.read(Documents).select(Documents.doc_id, Documents.text).collect()
    given = "".join(json.dumps({"id": row.doc_id, "text": row.text}) + "\n" for row in documents)
    command = [sys.executable, "-m", "corpusmill.cli", "inspect", "--jsonl", "--conf", str(recipe)]
    answered = subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout
    # Not splitlines: a text may hold U+2028.
    answers = {answer["id"]: answer for answer in map(json.loads, answered.rstrip("\n").split("\n"))}
    assert answers.keys() == {row.doc_id for row in documents}
    measured = [family.name for family in families()]
    for row in store.read(Signals).collect():
        answer, signals = answers[row.doc_id], row.asDict(recursive=True)
        assert answer["signals"] == {name: signals[name] for name in measured if signals[name] is not None}, row.doc_id
        assert answer["edits"] == signals["edits"], row.doc_id
    for row in store.read(Verdicts).collect():
        assert answers[row.doc_id]["reasons"] == row.reasons, row.doc_id
    corpus = store.read(Corpus).select(Corpus.doc_id, Corpus.text).collect()
    for row in corpus:
        assert answers[row.doc_id]["text"] == row.text, row.doc_id
    assert corpus, "no document to compare the text of"
    return len(documents)
