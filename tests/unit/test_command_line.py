"""What a user types wrong ends in one line on stderr and exit code 2, before Spark starts."""

import json
import os
import subprocess
import sys

import pytest


def corpusmill(*words, **environment):
    command = [sys.executable, "-m", "corpusmill.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def assert_mistake(result, message):
    assert result.returncode == 2, result.stderr
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "judge_document", "store.root=x"], "there is no job 'judge_document'"),
        (["run", "judge_documents"], "store.root is not set"),
        (["run", "judge_documents", "store.rot=x"], "unknown key 'store.rot', did you mean 'root'?"),
        (["run", "judge_documents", "store.root=x", "dedup.threshold=high"], "'dedup.threshold'"),
        (["run", "judge_documents", "store.root=x", "--conf", "none.toml"], "no such file"),
        (["run", "judge_documents", "store.root=x", "recipe.toml"], "write --conf FILE or section.key=value"),
        (["run", "run_pipeline", "store.root=x", 'pipeline.stages=["judge"]'], "there is no job 'judge'"),
        (["inspect", "none.txt"], "there is no such file"),
        (["curve", "14"], "'14': no preset"),
        (["curve", "0x3"], "'0x3': no preset"),
        (["curve", "14x999999"], "up to 100,000 values"),
        (["curve", "fine_web"], "did you mean 'fineweb'?"),
        (["curve", "14x8", "dedup.treshold=0.5"], "unknown key 'dedup.treshold', did you mean 'threshold'?"),
        (["zap"], "No such command 'zap'"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(words, message):
    assert_mistake(corpusmill(*words), message)


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<p>Hello.</p>", encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["check", "run"])
def test_mistakes_about_files_are_found_before_spark_starts(command, page, tmp_path):
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "mine.txt").write_text("mine", encoding="utf-8")
    root = f"store.root={tmp_path / 'store'}"
    run = [command, "run_pipeline", root]
    assert_mistake(corpusmill(*run), "ingest.paths is not set")
    assert_mistake(corpusmill(*run, f"ingest.paths={tmp_path}/none.warc.gz"), f"there is no file {tmp_path}/none.warc.gz")
    assert_mistake(corpusmill(*run, f"ingest.paths={page}"), "page.html: no known format")
    assert_mistake(corpusmill(command, "run_pipeline", f"store.root={foreign}"), "holds something that is not a corpusmill store")
    benchmark = tmp_path / "benchmark.toml"
    benchmark.write_text('[[contamination.benchmarks]]\nname = "b"\npath = "none.jsonl"\nfields = ["q"]\n', encoding="utf-8")
    assert_mistake(corpusmill(command, "find_contamination", root, "--conf", str(benchmark)), "none.jsonl")
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("java", ["none", "old"])
def test_no_java_17(java, page, tmp_path):
    home = tmp_path / "java"
    if java == "old":
        program = home / "bin" / "java"
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n", encoding="utf-8")
        program.chmod(0o755)
    words = ["run", "ingest_documents", f"store.root={tmp_path / 'store'}", f"ingest.paths={page}", "ingest.format=jsonl"]
    assert_mistake(corpusmill(*words, JAVA_HOME=str(home)), "Java 17")


def test_no_words_print_the_help():
    result = corpusmill()
    assert result.returncode == 0
    assert "inspect" in result.stdout


def test_check_prints_the_spark_properties_of_files_and_words(page, tmp_path):
    (tmp_path / "a.toml").write_text('[spark]\n"spark.driver.memory" = "16g"\n"spark.executor.cores" = "2"\n', encoding="utf-8")
    words = [f"store.root={tmp_path / 'store'}", "--conf", str(tmp_path / "a.toml"), "spark.executor.cores=4"]
    result = corpusmill("check", "judge_documents", *words)
    assert (result.returncode, result.stdout) == (0, "spark.driver.memory=16g\nspark.executor.cores=4\n")


def test_curves_of_shapes_and_presets_are_printed():
    result = corpusmill("curve", "14x8", "refinedweb", "dedup.threshold=0.8")
    assert result.returncode == 0, result.stderr
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[1] == ["14x8", "0.719", "0.053", "0.211", "0.565", "0.772", "0.924", "0.988", "1.000", "1.000"]
    assert lines[2][:5] == ["verified", "by", "112", "values", "0.800"]
    assert lines[3][:4] == ["refinedweb", "450x20", "0.737", "0.000"]
    assert lines[4][:5] == ["verified", "by", "128", "values", "0.800"]
    (curve,) = json.loads(corpusmill("curve", "13x60", "--json", "measure.verify_values=64").stdout)
    assert (curve["bands"], curve["rows"], curve["values"], round(curve["threshold"], 3)) == (13, 60, 64, 0.958)
