"""The demo as `make demo` runs it: planted cases, what stays, the summary; a second run; inspect beside the tables; the notebook."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from corpusmill.demo.run import run_demo
from corpusmill.settings import StoreSettings
from corpusmill.store import Store
from rich.console import Console

from tests.answers import assert_inspect_agrees
from tests.tables import versions

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def demo(spark, tmp_path_factory):
    """The folder after one run, and what the terminal showed."""
    folder = tmp_path_factory.mktemp("demo")
    console = Console(record=True, width=150, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115 - a sink
    assert run_demo(folder, console)
    return folder, console.export_text()


def test_every_planted_case_is_found(demo):
    _, shown = demo
    assert "✗" not in shown
    assert shown.count("✓") >= 12


def test_a_corpus_stays_and_the_summary_says_so(demo):
    folder, shown = demo
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert list(summary) == [
        "records", "documents", "rejected_records", "by_reason", "corpus_documents", "corpus_characters", "tokens", "shards",
        "duplication", "models", "train", "seconds",
    ]  # fmt: skip
    assert list(summary["train"]) == ["backend", "world_size", "steps", "first_loss", "last_loss"]
    assert summary["corpus_documents"] >= 300
    assert summary["corpus_characters"] >= 1_000_000
    assert 0.3 <= summary["corpus_documents"] / summary["documents"] <= 0.8
    assert summary["documents"] == summary["corpus_documents"] + sum(summary["by_reason"].values())
    assert summary["train"]["last_loss"] < summary["train"]["first_loss"] - 1
    assert summary["duplication"]["removed"] == sum(
        count for reason, count in summary["by_reason"].items() if reason.endswith("_duplicate")
    )
    assert f"{summary['corpus_documents']:,} documents" in shown
    assert (folder / "report.html").stat().st_size > 20_000


def test_a_second_run_changes_no_table_and_says_so(demo):
    folder, _ = demo
    before = versions(folder / "store")
    console = Console(record=True, width=150, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115 - a sink
    assert run_demo(folder, console)
    assert versions(folder / "store") == before
    assert "nothing has changed since the last run" in console.export_text()


def test_inspect_gives_what_the_tables_hold(spark, demo):
    folder, _ = demo
    store = Store(spark, StoreSettings(root=str(folder / "store")))
    assert assert_inspect_agrees(store, ROOT / "conf" / "recipes" / "demo.toml") > 600


def test_the_notebook_runs_on_it(demo):
    folder, _ = demo
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SPARK_", "PYSPARK_"))}
    done = subprocess.run(
        [sys.executable, str(ROOT / "notebooks" / "01_tour.py")],
        env={**clean, "CORPUSMILL_DEMO_STORE": str(folder / "store"), "MASTER": "local[2,4]"},
        capture_output=True, text=True, check=False, cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    for shown in ("near_duplicate", "contaminated:demo", "kept by FineWeb's own bounds", "first tokens"):
        assert shown in done.stdout, shown
