"""The store: slices replaced in one commit, roots that are not ours refused, tables that others can open, widening, catalogs."""

from concurrent.futures import ThreadPoolExecutor

import deltalake
import pytest
from corpusmill.errors import ConfigError, StoreError
from corpusmill.ledger import Entry, Ledger
from corpusmill.settings import StoreSettings
from corpusmill.slices import Slice
from corpusmill.store import Store
from corpusmill.tables import TABLES, Documents, Signals, Snapshots, Verdicts
from pyspark.sql import functions as F

from tests.tables import versions

pytestmark = pytest.mark.connect


def verdict(doc_id, chunk, *reasons, snapshot="s"):
    return (doc_id, snapshot, chunk, list(reasons))


def test_a_slice_is_replaced_and_the_others_stay(store, tmp_path):
    store.replace(Verdicts, store.frame(Verdicts, [verdict("a", 0), verdict("b", 0)]), Slice("s", 0))
    store.replace(Verdicts, store.frame(Verdicts, [verdict("c", 1)]), Slice("s", 1))
    before = versions(tmp_path / "store")["verdicts"]
    store.replace(Verdicts, store.frame(Verdicts, [verdict("d", 0, "short")]), Slice("s", 0))
    assert versions(tmp_path / "store")["verdicts"] == before + 1
    assert sorted(row.doc_id for row in store.read(Verdicts).collect()) == ["c", "d"]
    assert [row.doc_id for row in store.read(Verdicts, Slice("s", 1)).collect()] == ["c"]


def test_rows_outside_the_slice_are_refused(store):
    with pytest.raises(Exception, match=r"(?i)replaceWhere|constraint|condition"):
        store.replace(Verdicts, store.frame(Verdicts, [verdict("a", 7)]), Slice("s", 0))


def test_an_empty_replacement_empties_the_slice(store):
    store.replace(Verdicts, store.frame(Verdicts, [verdict("a", 0)]), Slice("s", 0))
    store.replace(Verdicts, store.frame(Verdicts, []), Slice("s", 0))
    assert store.read(Verdicts).count() == 0


def test_rows_are_added_only_where_no_key_is_taken(store):
    unique = (Snapshots.snapshot, Snapshots.ordinal)
    store.insert_new(Snapshots, store.frame(Snapshots, [("a", 0)]), unique)
    store.insert_new(Snapshots, store.frame(Snapshots, [("b", 0)]), unique)
    store.insert_new(Snapshots, store.frame(Snapshots, [("a", 1)]), unique)
    assert [tuple(row) for row in store.read(Snapshots).collect()] == [("a", 0)]


def test_a_table_never_written_reads_as_empty(store):
    assert store.read(Documents).count() == 0
    assert store.read(Documents).columns == list(Documents.columns())


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_others_can_open_every_table_as_it_is_declared(store, tmp_path, table):
    store.append(table, store.frame(table, []))
    opened = deltalake.DeltaTable(str(tmp_path / "store" / table.name))
    assert [field.name for field in opened.schema().fields] == list(table.columns())
    table.check(store.read(table).schema, where="read back")


def test_a_struct_gains_the_fields_of_a_new_version(store, spark, tmp_path):
    path = str(tmp_path / "store" / "signals")
    columns = ", ".join(f"`{c}` {c.type}" for c in Signals.columns() if c != "fineweb").replace("words:bigint,", "", 1)
    spark.sql(f"CREATE TABLE delta.`{path}` ({columns}) USING delta PARTITIONED BY (snapshot, chunk)")
    store.append(Signals, store.frame(Signals, []))
    counts = next(column for column in Signals.columns() if column == "counts")
    assert {field.name for field in store.read(Signals).schema["counts"].dataType.fields} == {"characters", "words", "lines"}, counts.type
    assert "fineweb" in store.read(Signals).columns


def at_once(spark, root, table):
    """Several writers make or widen one table at the same time, several rounds of it, since not every one collides."""
    stores = [Store(spark, StoreSettings(root=root)) for _ in range(6)]
    with ThreadPoolExecutor(len(stores)) as threads:
        list(threads.map(lambda store: store.append(table, store.frame(table, [])), stores))


def test_a_table_is_made_by_many_at_once(spark, tmp_path):
    for i in range(4):
        at_once(spark, str(tmp_path / f"made{i}"), Snapshots)


def test_a_table_is_widened_by_many_at_once(spark, tmp_path):
    class Older(Snapshots):
        """Snapshots before they had an order."""

        @classmethod
        def columns(cls):
            return tuple(column for column in Snapshots.columns() if column != "ordinal")

    for i in range(2):
        root = str(tmp_path / f"widened{i}")
        older = Store(spark, StoreSettings(root=root))
        older.append(Older, older.frame(Older, []))
        at_once(spark, root, Snapshots)
        assert older.read(Snapshots).columns == list(Snapshots.columns())


def test_a_root_with_other_things_in_it_is_not_ours(spark, tmp_path):
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(StoreError, match="is not a corpusmill store: name an empty or new folder"):
        Store(spark, StoreSettings(root=str(tmp_path)))
    with pytest.raises(ConfigError, match=r"store\.root is not set"):
        Store(spark, StoreSettings())


@pytest.fixture
def generated_code(spark):
    """Spark cannot list a catalog's tables in the suite's own way, without generated code."""
    before = spark.conf.get("spark.sql.codegen.factoryMode")
    spark.conf.set("spark.sql.codegen.factoryMode", "FALLBACK")
    yield
    spark.conf.set("spark.sql.codegen.factoryMode", before)


@pytest.mark.usefixtures("generated_code")
def test_a_catalog_holds_the_same_tables(spark, tmp_path):
    with pytest.raises(ConfigError, match=r"store\.files is not set"):
        Store(spark, StoreSettings(root="spark_catalog.milltest"))
    spark.sql(f"CREATE SCHEMA IF NOT EXISTS spark_catalog.milltest LOCATION '{tmp_path / 'catalog'}'")
    store = Store(spark, StoreSettings(root="spark_catalog.milltest", files=str(tmp_path / "files")))
    store.replace(Verdicts, store.frame(Verdicts, [verdict("a", 0)]), Slice("s", 0))
    store.replace(Verdicts, store.frame(Verdicts, [verdict("b", 1)]), Slice("s", 1))
    assert store.read(Verdicts).count() == 2
    scratch = store.scratch("a_job")
    scratch.write("pairs", store.read(Verdicts))
    assert scratch.has("pairs")
    assert scratch.read("pairs").count() == 2
    scratch.drop()
    assert not scratch.has("pairs")
    spark.sql("DROP SCHEMA spark_catalog.milltest CASCADE")


@pytest.mark.parametrize("resumable", [False, True])
def test_scratch_is_written_appended_and_dropped(spark, store, tmp_path, resumable):
    scratch = store.scratch("a_job", resumable)
    scratch.write("x", store.frame(Verdicts, [verdict("a", 0)]))
    scratch.write("x", store.frame(Verdicts, [verdict("b", 0)]), append=True)
    assert scratch.read("x").where(F.col(Verdicts.chunk) == 0).count() == 2
    assert (tmp_path / "store" / "_scratch" / "a_job" / "x" / "_delta_log").exists() is resumable
    other = Store(spark, StoreSettings(root=str(tmp_path / "store"))).scratch("a_job", resumable)
    assert sorted(other.read("x").collect()) == sorted(scratch.read("x").collect()), "one who has not written it"
    scratch.drop()
    assert not scratch.has("x")


def test_the_ledger_remembers_the_newest_entry_of_each_slice(store):
    ledger = Ledger(store)
    piece = Slice("s", 0)
    for state, status in (("A", "running"), ("A", "done"), ("B", "running"), ("B", "done"), ("A", "running"), ("A", "done")):
        ledger.record([Entry("judge_documents", piece, state, "in", '{"edits": {}}', status)])
    again = Ledger(store)
    assert again.state("judge_documents", piece) == "A"
    assert again.slices("judge_documents") == [piece]
    assert again.settings("judge_documents", piece) == {"edits": {}}
    again.record([Entry("judge_documents", piece, "C", "in", "{}", "running")])
    assert Ledger(store).entry("judge_documents", piece) is None


def test_a_table_whose_first_write_broke_off_is_not_there(store, tmp_path):
    """Delta makes the log's folder before it writes the first file."""
    for folder in ("documents", "_scratch/a_job/parsed"):
        (tmp_path / "store" / folder / "_delta_log").mkdir(parents=True)
    assert store.read(Documents).count() == 0
    assert not store.scratch("a_job", resumable=True).has("parsed")


def test_a_scratch_table_whose_write_broke_off_is_not_there(store, tmp_path):
    scratch = store.scratch("a_job")
    scratch.write("x", store.frame(Verdicts, [verdict("a", 0)]))
    assert scratch.has("x")
    (tmp_path / "store" / "_scratch" / "a_job" / "x" / "_SUCCESS").unlink()
    assert not scratch.has("x")
