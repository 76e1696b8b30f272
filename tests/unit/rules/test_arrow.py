"""Rules over Arrow agree with Python's comparisons at every bound, and never judge what was not measured."""

import pyarrow as pa
import pytest
from corpusmill.errors import NotReadyError
from corpusmill.rules.arrow import failures, reasons_array

from tests.unit.rules.rule_cases import ROWS, RULES, compiled, expected, signals


def test_reasons_at_and_beside_the_bounds():
    found = reasons_array(compiled(), signals(ROWS)).to_pylist()
    for row, reasons in zip(ROWS, found, strict=True):
        assert reasons == expected(*row), row


def test_nan_meets_no_bound():
    (reasons,) = reasons_array(compiled(), signals([(float("nan"), "en", 3)])).to_pylist()
    assert reasons == ["min", "max", "above", "below", "zero", "minus zero", "band"]


@pytest.mark.parametrize("row", [(None, "en", 3), (1.0, None, 3), (1.0, "en", None)])
def test_null_is_not_judged(row):
    with pytest.raises(NotReadyError, match=r"signal \w+\.\w+ of 1 documents is null: run measure_documents"):
        reasons_array(compiled(), signals([(1.0, "en", 3), row]))


def test_a_null_family_is_not_judged():
    batch = signals([(1.0, "en", 3)])
    empty = pa.nulls(1, batch.column("fineweb").type)
    columns = [empty if name == "fineweb" else batch.column(name) for name in batch.schema.names]
    with pytest.raises(NotReadyError, match=r"fineweb\.list_ratio of 1 documents is null"):
        reasons_array(compiled(), pa.RecordBatch.from_arrays(columns, names=batch.schema.names))


def test_null_of_a_signal_no_rule_looks_at_is_no_matter():
    assert reasons_array(compiled(RULES[:1]), signals([(1.0, None, None)])).to_pylist() == [[]]


def test_no_rules_keep_everything():
    assert reasons_array((), signals(ROWS[:3])).to_pylist() == [[], [], []]


def test_failures_have_one_column_a_rule():
    assert failures(compiled(), signals(ROWS)).shape == (len(ROWS), len(RULES))
