"""Judging one text by a shipped recipe, for golden vectors."""

from pathlib import Path

import pyarrow as pa
from corpusmill.config import load_config
from corpusmill.inspect import inspect_text

FINEWEB = load_config([str(Path(__file__).resolve().parents[2] / "conf" / "recipes" / "fineweb.toml")], [])
ORDER = list(dict.fromkeys(rule.reason for rule in FINEWEB.rules))


def inspected(text, config=FINEWEB):
    """The answer of `inspect`."""
    (answer,) = inspect_text([("golden", text)], config)
    return answer


def first_reason(text, family, config=FINEWEB):
    """The first reason that the rules on one signal family give, as datatrove's filter of that family would."""
    rules = tuple(rule for rule in config.rules if rule.signal.startswith(f"{family}."))
    reasons = inspected(text, config.model_copy(update={"rules": rules}))["reasons"]
    return reasons[0] if reasons else None


def edited(text, part):
    """The text after one edit part alone."""
    from corpusmill.edits.registry import edit_parts
    from corpusmill.text.batch import TextBatch
    from corpusmill.text.spans import apply_edits

    texts = pa.array([text])
    return apply_edits(texts, edit_parts()[part].find(TextBatch(texts)))[0].as_py()
