"""The data dictionary: names, pickling and the check at a stage's borders."""

import pickle

import pytest
from corpusmill.ddl import create_statement
from corpusmill.errors import StoreError
from corpusmill.tables import TABLES, Documents, Signals


def test_every_table_and_column_says_what_it_means():
    for table in TABLES:
        assert table.__doc__, table
        assert table.columns(), table
        for column in table.columns():
            assert column.type, f"{table.name}.{column}"
            assert column.doc, f"{table.name}.{column}"
        assert set(table.primary_key) <= set(table.columns()), table.name
        assert set(table.partitioned_by) <= set(table.columns()), table.name


def test_columns_survive_pickling_with_their_type():
    again = pickle.loads(pickle.dumps(Documents.text))
    assert (again, again.type, again.doc) == (Documents.text, "string", Documents.text.doc)


def test_text_url_and_host_are_in_no_statistics():
    statement = create_statement(Documents, "t", "90 days")
    statistics = statement.split("dataSkippingStatsColumns' = '")[1].split("'")[0]
    assert "doc_id" in statistics
    for hidden in ("text`", "url", "host"):
        assert hidden not in statistics


def test_signals_hold_a_struct_for_each_family():
    names = [str(c) for c in Signals.columns()]
    for family in ("counts", "gopher_quality", "gopher_repetition", "c4", "fineweb", "language"):
        assert family in names


def test_the_check_names_every_wrong_column_at_once():
    types = pytest.importorskip("pyspark.sql.types")
    schema = types.StructType([types.StructField("doc_id", types.LongType())])
    with pytest.raises(StoreError) as error:
        Documents.check(schema, where="Measure input")
    assert "doc_id is bigint, must be string" in str(error.value)
    assert "text is missing, must be string" in str(error.value)
