"""Everything that is measured at once, on hostile texts: every edit, every signal family, the sketch, and every shipped recipe's verdict."""

import math
import time
from pathlib import Path

import pyarrow as pa
import pytest
from corpusmill.config import load_config
from corpusmill.edits.registry import edit_parts
from corpusmill.rules.arrow import reasons_array
from corpusmill.rules.rule import compile_rules
from corpusmill.settings import EditSettings, MeasureSettings
from corpusmill.signals.registry import families
from corpusmill.text.measure import measure, signals_schema
from corpusmill.text.spans import apply_edits

from tests.hostile import HOSTILE

RECIPES = sorted((Path(__file__).resolve().parents[3] / "conf" / "recipes").glob("*.toml"))
EVERY_EDIT = EditSettings(
    **{f"{kind}s": tuple(part.name for part in edit_parts().values() if part.kind == kind) for kind in ("line", "span")}
)
EVERY_FAMILY = MeasureSettings(families=tuple(family.name for family in families() if not family.always))


def documents(*texts):
    columns = {"doc_id": [str(row) for row in range(len(texts))], "snapshot": ["s"] * len(texts)}
    columns |= {"chunk": pa.array([0] * len(texts), pa.int32()), "text": pa.array(texts, pa.string())}
    return pa.RecordBatch.from_pydict(columns | {"text_digest": pa.array([b"d"] * len(texts), pa.binary())})


def timed(batch):
    begin = time.process_time()
    measured = measure(batch, EVERY_EDIT, EVERY_FAMILY)
    return time.process_time() - begin, measured


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_measured_in_linear_time(name):
    """Half of each text first, then the whole: the processor's time is less than threefold, as doubled work is."""
    text = HOSTILE[name]
    half, _ = timed(documents(text[: len(text) // 2]))
    whole, measured = timed(documents(text))
    assert whole < 3 * half + 0.25
    (row,) = measured.to_pylist()
    assert measured.schema == signals_schema()
    values = [value for family in families() for value in row[family.name].values()]
    assert None not in values
    assert all(math.isfinite(value) for value in values if isinstance(value, float))
    assert apply_edits(pa.array([text]), measured.column("edits"))[0].is_valid


def test_every_recipe_judges_hostile_texts_alone_and_together_alike():
    texts = [text[:100_000] for text in HOSTILE.values()]
    measured = measure(documents(*texts), EVERY_EDIT, EVERY_FAMILY)
    for recipe in RECIPES:
        rules = compile_rules(load_config([str(recipe)], []).rules)
        together = reasons_array(rules, measured).to_pylist()
        assert all(together), f"{recipe.stem} keeps one of them"
        alone = [reasons_array(rules, measure(documents(text), EVERY_EDIT, EVERY_FAMILY)).to_pylist()[0] for text in texts]
        assert together == alone, recipe.stem


def test_no_text_at_all():
    assert measure(documents(), EVERY_EDIT, EVERY_FAMILY).num_rows == 0
