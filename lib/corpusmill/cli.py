"""The command line: arguments to a Config, a job or question to its answer, errors to one line and an exit code."""

import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from corpusmill import __version__
from corpusmill.config import is_override, load_config
from corpusmill.errors import ConfigError, CorpusmillError
from corpusmill.jobs import check_job, check_stage
from corpusmill.settings import Config

MISTAKE = 2
"""Exit code for what the user can mend; anything else that fails is 1."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__, rich_markup_mode=None)
_USAGE_ERRORS: tuple[type[Any], ...] = tuple(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")
"""The base of what typer raises for wrong command lines; it carries its own copy of click, so that click's is another class."""
_LOOSE = {"allow_extra_args": True, "ignore_unknown_options": True}


def main() -> None:
    """Entry point of the `corpusmill` command."""
    sys.exit(guarded(lambda: app(standalone_mode=False)))


def run_job_script(name: str) -> None:
    """Entry point of jobs/*.py: the words after the script's name are --conf files and overrides."""
    sys.exit(guarded(lambda: run_words(name, sys.argv[1:])))


def parse_arguments(words: Sequence[str]) -> Config:
    """`--conf FILE`… and `section.key=value`… as a Config. Raises ConfigError at the first word that is neither."""
    files: list[str] = []
    overrides: list[str] = []
    pending = list(words)
    while pending:
        word = pending.pop(0)
        if word == "--conf":
            if not pending:
                raise ConfigError("--conf needs a file")
            files.append(pending.pop(0))
        elif word.startswith("--conf="):
            files.append(word.removeprefix("--conf="))
        elif is_override(word):
            overrides.append(word)
        else:
            raise ConfigError(f"'{word}': write --conf FILE or section.key=value, for example ingest.paths=crawl.warc.gz")
    return load_config(files, overrides)


@app.callback(invoke_without_command=True)
def root_command(context: typer.Context) -> None:
    """Turns crawls into training tokens and tokens into language models."""
    if context.invoked_subcommand is None:
        sys.stdout.write(context.get_help() + "\n")


@app.command("run", context_settings=_LOOSE)
def run_command(context: typer.Context, job: Annotated[str, typer.Argument(help="a job, or run_pipeline")]) -> None:
    """Run one job, or the pipeline: corpusmill run JOB [--conf FILE] [section.key=value]."""
    run_words(job, context.args)


@app.command("check", context_settings=_LOOSE)
def check_command(context: typer.Context, job: Annotated[str, typer.Argument(help="a job, or run_pipeline")]) -> None:
    """Check a job's arguments without starting Spark; print the Spark properties among them, a line each, as spark-submit --conf takes them."""
    _check(job, context.args)


@app.command("inspect", context_settings=_LOOSE)
def inspect_command(
    context: typer.Context,
    jsonl: Annotated[bool, typer.Option("--jsonl", help='one {"id","text"} a line in, one answer a line out')] = False,
) -> None:
    """Explain one document without Spark: corpusmill inspect [FILE] [--jsonl] --conf RECIPE.toml."""
    from corpusmill.inspect import explain, inspect_lines

    words = list(context.args)
    named = bool(words) and not words[0].startswith("--") and not is_override(words[0])
    config = parse_arguments(words[1:] if named else words)
    path = words[0] if named else "-"
    if path != "-" and not Path(path).is_file():
        raise ConfigError(f"{path}: there is no such file")
    # Bytes, for a text's line ends are part of it.
    with sys.stdin.buffer if path == "-" else Path(path).open("rb") as source:
        if not jsonl:
            Console().print(explain(source.read().decode("utf-8", "replace"), config))
            return
        for answer in inspect_lines((line.decode("utf-8", "replace") for line in source), config):
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


@app.command("curve", context_settings=_LOOSE)
def curve_command(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Say how often pairs match and are verified, by similarity: corpusmill curve [PRESET|BxR ...] [--conf RECIPE.toml] [dedup.threshold=...]."""
    from corpusmill.dedup.curve import curves, table

    words = context.args
    names = list(takewhile(lambda word: not word.startswith("--") and not is_override(word), words))
    config = parse_arguments(words[len(names) :])
    found = curves(names, config.measure.verify_values, config.dedup.threshold)
    answer = json.dumps([asdict(curve) for curve in found], indent=2) + "\n" if as_json else table(found, config.dedup.threshold)
    sys.stdout.write(answer)


@app.command("doctor")
def doctor_command(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Say what this machine has of what corpusmill needs."""
    from corpusmill.doctor import examine

    found = examine()
    if as_json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
    else:
        for name, value in found.items():
            sys.stdout.write(f"{name:12s} {value}\n")


@app.command("jars")
def jars_command() -> None:
    """Print Delta's jars, fetched the first time, as spark-submit --jars takes them."""
    from corpusmill.session import delta_jars

    sys.stdout.write(",".join(str(path) for path in delta_jars()) + "\n")


@app.command("version")
def version_command() -> None:
    """Print the version."""
    sys.stdout.write(f"{__version__}\n")


def _checked(job: str, words: Sequence[str]) -> Config:
    """The arguments as a Config. Raises for a job or a stage that does not exist before anything of Spark is imported."""
    check_job(job)
    config = parse_arguments(words)
    for stage in config.pipeline.stages:
        check_stage(stage)
    return config


def _check(job: str, words: Sequence[str]) -> None:
    config = _checked(job, words)
    from corpusmill import pipeline

    pipeline.check(job, config)
    for key, value in config.spark.items():
        _say(f"{key}={value}")


def run_words(job: str, words: Sequence[str]) -> None:
    """Run a job with arguments as the command line takes them, its progress on stdout. Raises for a mistake in them."""
    config = _checked(job, words)
    from corpusmill import pipeline

    pipeline.run(job, config, _say)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def guarded(command: Callable[[], Any]) -> int:
    """Run a command; the user's mistakes are one line on stderr and exit code 2, anything else its traceback and 1."""
    try:
        command()
    except CorpusmillError as error:
        _complain(f"corpusmill: {error}\n")
        return MISTAKE
    except _USAGE_ERRORS as error:
        _complain(f"corpusmill: {error.format_message()}\n")
        return MISTAKE
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else 1
    except Exception:
        _complain(traceback.format_exc())
        return 1
    return 0


def _complain(text: str) -> None:
    """To stderr; under spark-submit, which merges stderr into stdout, to the file that the launcher then prints on its stderr."""
    messages = os.environ.get("CORPUSMILL_MESSAGES")
    if messages:
        Path(messages).write_text(text, encoding="utf-8")
    else:
        sys.stderr.write(text)


if __name__ == "__main__":
    main()
