"""What a user types wrong ends in one line on stderr and exit code 2, before Spark starts."""

import subprocess
import sys

import pytest


def corpusmill(*words, stdin=""):
    return subprocess.run([sys.executable, "-m", "corpusmill.cli", *words], capture_output=True, text=True, input=stdin, check=False)


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
        (["zap"], "No such command 'zap'"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(words, message):
    result = corpusmill(*words)
    assert result.returncode == 2, result.stderr
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_no_words_print_the_help():
    result = corpusmill()
    assert result.returncode == 0
    assert "inspect" in result.stdout
