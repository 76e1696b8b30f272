"""Lines of progress on their way from rank 0, in a worker somewhere, to the terminal: through a small file that the driver looks at."""

import json
import threading
import uuid
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

from corpusmill.errors import InputError
from corpusmill.files import read_file, write_file

if TYPE_CHECKING:
    from corpusmill.train.loop import Metrics

SECONDS = 5.0
"""Between two lines about steps."""

KEPT = 50
"""Lines in the file; more than come between two looks."""


class StepLines:
    """Says a line about a step now and then: the first, the last, and one every five seconds."""

    def __init__(self, steps: int, say: Callable[[str], None]) -> None:
        self._steps = steps
        self._say = say
        self._last = 0.0

    def __call__(self, metrics: "Metrics") -> None:
        """Called at every step."""
        if metrics.step < self._steps and monotonic() - self._last < SECONDS:
            return
        self._last = monotonic()
        self._say(
            f"train_model: step {metrics.step:,} of {self._steps:,}  loss {metrics.loss:.3f}  {metrics.tokens_per_second:,.0f} tokens/s"
        )


class LineWriter:
    """Rank 0's `say`: keeps the newest lines in the file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._writer = uuid.uuid4().hex
        self._said = 0
        self._lines: deque[str] = deque(maxlen=KEPT)

    def __call__(self, line: str) -> None:
        """Add a line."""
        self._said += 1
        self._lines.append(line)
        content = json.dumps({"writer": self._writer, "said": self._said, "lines": list(self._lines)})
        with suppress(OSError):  # A store that refuses it now takes it with the next line.
            write_file(self._path, content.encode())


class LineReader:
    """The driver's side, a context: while it is open, each new line in the file is said, once."""

    def __init__(self, path: str, say: Callable[[str], None]) -> None:
        self._path = path
        self._say = say
        self._writer = ""
        self._seen = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "LineReader":
        """Begin with an empty file: an earlier run may have left one."""
        write_file(self._path, json.dumps({"writer": "", "said": 0, "lines": []}).encode())
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Say what is left."""
        self._over.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        while not self._over.wait(1.0):
            self._look()

    def _look(self) -> None:
        try:
            content = json.loads(read_file(self._path))
        except (InputError, OSError, ValueError):
            return  # A store that does not answer now does so at the next look; training does not depend on it.
        # Another writer: Spark ran the stage again, and rank 0 counts from 0.
        new = content["said"] - (self._seen if content["writer"] == self._writer else 0)
        for line in content["lines"][-new:] if new else []:
            self._say(line)
        self._seen, self._writer = content["said"], content["writer"]
