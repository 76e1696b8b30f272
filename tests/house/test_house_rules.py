"""The repository's own rules, read from the source with ast: sizes, docstrings, what may be used where."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "lib" / "corpusmill"
SOURCES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in SOURCES]

FORBIDDEN = {
    "rdd": set(), "sparkContext": set(), "_jvm": set(), "_jdf": set(), "cache": set(), "persist": set(), "checkpoint": set(),
    "applyInPandas": set(), "applyInArrow": set(), "toPandas": set(), "saveAsTable": {"root.py"}, "getOrCreate": {"session.py"},
}  # fmt: skip
"""Attributes that fail on Spark Connect, or whose one place is named."""

COLLECTS = {
    "bit_filter.py",
    "ledger.py",
    "reasons.py",
    "reports",
    "dedup",
    "ingest",
    "tokenizers",
    "shards",
    "train",
    "rules",
    "decontaminate",
    "signals",
    "publish",
    "scoring",
    "semantic",
}
"""Where collect() may stand: on aggregates, limits and tables of a few rows a file."""

VAGUE = {"utils", "helpers", "common", "misc", "util", "helper"}


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_files_and_functions_hold_one_idea(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250, "a file above 250 lines holds two ideas"
    long = [f"{f.name}: {f.end_lineno - f.lineno + 1}" for f in functions(ast.parse(text)) if f.end_lineno - f.lineno + 1 > 40]
    assert not long, f"functions above 40 lines: {long}"
    assert path.stem not in VAGUE


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_every_module_and_public_name_says_what_it_is(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "no module docstring"
    public = [n for n in tree.body if isinstance(n, ast.ClassDef | ast.FunctionDef) and not n.name.startswith("_")]
    silent = [n.name for n in public if not ast.get_docstring(n)]
    assert not silent, f"without a docstring: {silent}"


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_nothing_is_used_that_connect_has_not(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN:
            assert path.name in FORBIDDEN[node.attr], f".{node.attr} in line {node.lineno}"
        if isinstance(node, ast.Attribute) and node.attr == "collect":
            places = {path.name, path.relative_to(PACKAGE).parts[0]}
            assert places & COLLECTS, f".collect in line {node.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_a_join_says_how(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_join = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"
        if is_join and any(k.arg == "on" for k in node.keywords):
            assert any(k.arg == "how" for k in node.keywords), f"join without how= in line {node.lineno}"


@pytest.mark.parametrize("path", sorted((ROOT / "jobs").glob("*.py")), ids=lambda p: p.stem)
def test_a_job_script_is_a_title_and_not_a_chapter(path):
    from corpusmill.jobs import check_job

    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 15
    assert "Reads" in (ast.get_docstring(ast.parse(text)) or "")
    assert path.stem not in sys.stdlib_module_names
    check_job(path.stem)


def test_every_job_has_its_script():
    from corpusmill.jobs import JOBS, PIPELINE

    assert {path.stem for path in (ROOT / "jobs").glob("*.py")} == {*JOBS, PIPELINE}


def test_the_wheel_holds_the_package_and_its_recipes(tmp_path):
    import subprocess
    import zipfile

    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel", "-o", str(tmp_path), str(ROOT)], check=True, capture_output=True
    )
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    missing = [name for name in NAMES if f"corpusmill/{name}" not in names]
    assert not missing
    assert "corpusmill/conf/recipes/fineweb.toml" in names
    assert "corpusmill/kernels/unicode_tables.npz" in names
    assert "corpusmill/py.typed" in names
