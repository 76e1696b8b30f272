"""trafilatura in a process of its own: it can take minutes on a hostile page, and nothing inside a process can stop it."""

import contextlib
import os
import signal
import subprocess
import sys
from functools import lru_cache
from importlib.util import find_spec

from corpusmill.errors import ConfigError
from corpusmill.ingest import trafilatura_child
from corpusmill.ingest.trafilatura_child import FAILED, LAST, LENGTH, WALL
from corpusmill.settings import IngestSettings, TrafilaturaSettings

EXTRA = "corpusmill[extract]"
"""What brings trafilatura."""


class ExtractionError(Exception):
    """A page has no text for the extractor failed on it; the message says how."""


class TrafilaturaChild:
    """One process, kept from page to page and started anew after one that it died of. Pages go in and out one at a time."""

    def __init__(self, settings: TrafilaturaSettings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def extract(self, page: str) -> str:
        """The text of a page. Raises ExtractionError, and ConfigError where no process can be started."""
        process = self._process or self._start()
        data = page.encode("utf-8", "replace")
        assert process.stdin is not None
        # A process that dies before it has read all breaks the pipe; the missing answer says so too.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(LENGTH.pack(0, len(data)) + data)
            process.stdin.flush()
        answer = self._read(process)
        if answer is None:
            raise ExtractionError(self._why(process))
        flags, said = answer
        if flags & LAST:
            self._end(process)
        if flags & FAILED:
            raise ExtractionError(said)
        return said

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._end(self._process)

    def _start(self) -> "subprocess.Popen[bytes]":
        path = os.pathsep.join(part for part in sys.path if part)
        process = subprocess.Popen(  # noqa: S603 - our own module with our own interpreter
            [sys.executable, "-P", "-m", trafilatura_child.__name__, self._settings.model_dump_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._process = process
        if self._read(process) is None:
            self._end(process)
            raise ConfigError(
                f"ingest.extractor=trafilatura: its process ended with {process.returncode} before the first page, see above; "
                f"is {EXTRA} installed on the workers, and ingest.trafilatura.memory_bytes enough?"
            )
        return process

    def _read(self, process: "subprocess.Popen[bytes]") -> tuple[int, str] | None:
        """The next answer's flags and text; None where the process has died."""
        assert process.stdout is not None
        head = process.stdout.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return None
        flags, length = LENGTH.unpack(head)
        said = process.stdout.read(length)
        return (flags, said.decode()) if len(said) == length else None

    def _why(self, process: "subprocess.Popen[bytes]") -> str:
        """What the process died of; the next page starts another."""
        self._end(process)
        seconds = self._settings.seconds
        if process.returncode in (-signal.SIGPROF, -signal.SIGALRM):
            return f"trafilatura takes more than {seconds:g} s of CPU time or {seconds * WALL:g} s on the clock"
        return f"trafilatura ended with {process.returncode}"

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = None
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()


def require_extractor(settings: IngestSettings) -> None:
    """Raises ConfigError where trafilatura is asked for and is not installed here."""
    if settings.extractor == "trafilatura" and find_spec("trafilatura") is None:
        raise ConfigError(f"ingest.extractor=trafilatura: it is not installed; pip install '{EXTRA}', on the workers too")


def trafilatura_text(page: str, settings: TrafilaturaSettings) -> str:
    """The text of a page by this process's child. Raises as `TrafilaturaChild.extract`."""
    return _child(os.getpid(), settings).extract(page)


@lru_cache(maxsize=1)
def _child(process: int, settings: TrafilaturaSettings) -> TrafilaturaChild:  # noqa: ARG001 - a part of the key
    """One a process: after a fork the pipes are the parent's."""
    return TrafilaturaChild(settings)
