"""Runs KenLM's lmplz and build_binary, which tools/build_kenlm.sh makes."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from corpusmill.errors import ConfigError
from corpusmill.settings import PerplexityTrainingSettings

_SAID = 300
"""Characters of an error that are shown."""


def find_program(name: str, folder: str) -> Path:
    """Where lmplz or build_binary is: in `folder` where one is named, else on PATH or in the cache. Raises ConfigError where it is not."""
    cache = Path(os.environ.get("CORPUSMILL_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "corpusmill")
    places = [folder] if folder else [os.environ.get("PATH", os.defpath), str(cache / "kenlm")]
    found = next((path for place in places if (path := shutil.which(name, path=place))), None)
    if found is None:
        where = f"in {folder}" if folder else f"on PATH nor in {cache / 'kenlm'}"
        raise ConfigError(f"KenLM's {name} is not {where}: build it with tools/build_kenlm.sh, or set training.programs to its folder")
    return Path(found)


def train_grams(lines: Iterable[str], training: PerplexityTrainingSettings, made: Path) -> None:
    """Estimate an n-gram model from lines of words and write it to `made` as a binary file; temporary files stand beside it.

    Raises ConfigError with what KenLM said. With --discount_fallback a text too small or too even for its discounts still gives a model.
    """
    lmplz, build = (find_program(name, training.programs) for name in ("lmplz", "build_binary"))
    arpa, errors = made.with_suffix(".arpa"), made.with_suffix(".log")
    arguments = ["-o", str(training.order), "-S", training.memory, "-T", str(made.parent), "--vocab_estimate", str(training.vocab_size)]
    with arpa.open("wb") as out, errors.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - no shell, our own arguments
            [lmplz, *arguments, "--discount_fallback", "--skip_symbols"], stdin=subprocess.PIPE, stdout=out, stderr=log
        )
        assert process.stdin is not None
        try:
            for line in lines:
                process.stdin.write(line.encode() + b"\n")
            process.stdin.close()
        except BrokenPipeError:
            pass  # It ended early; what it said is below.
        finally:
            status = process.wait()
    _require_success("lmplz", status, errors)
    with errors.open("wb") as log:
        status = subprocess.run([build, arpa, made], stdout=log, stderr=log, check=False).returncode  # noqa: S603 - as above
    _require_success("build_binary", status, errors)
    arpa.unlink()
    errors.unlink()


def _require_success(name: str, status: int, errors: Path) -> None:
    if status == 0:
        return
    said = " ".join(errors.read_text("utf-8", "replace").rpartition(" threw ")[2].split())
    raise ConfigError(f"{name} ended with {status}: {said[:_SAID] or 'it said nothing'}")
