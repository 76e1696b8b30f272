"""Every file in this folder that defines EDITS brings edit parts: what a recipe's [edits] may name."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpusmill import edits
from corpusmill.errors import ConfigError
from corpusmill.nearest import nearest
from corpusmill.settings import EditSettings
from corpusmill.text.batch import Offsets, TextBatch
from corpusmill.text.spans import make_edits

Kernel = Callable[[npt.NDArray[np.uint8], Offsets], tuple[Offsets, Offsets, Offsets]]
"""(data, offsets) to (first int64[n+1], start int64[m], end int64[m]), absolute byte offsets, in order."""


@dataclass(frozen=True)
class EditPart:
    """A pure function from texts to spans. Line edits run in turn, each on what the one before left; span edits on the result."""

    name: str
    version: int
    """Raise it when the same text gives other spans than before."""
    kind: Literal["line", "span"]
    doc: str
    find: Callable[[TextBatch], pa.ListArray]
    """n lists of edits (see `text.spans`) for n texts; time linear in their bytes on any input."""
    examples: tuple[tuple[str, str], ...]
    """Texts, and what they are with the edits applied."""


def mask(find: Kernel, placeholder: str, reason: str) -> Callable[[TextBatch], pa.ListArray]:
    """The `find` of a part that puts one placeholder in the place of whatever a kernel finds."""

    def masks(texts: TextBatch) -> pa.ListArray:
        first, start, end = find(texts.data, texts.offsets)
        begins = texts.offsets[:-1].repeat(np.diff(first))
        return make_edits(first, start - begins, end - begins, placeholder, reason)

    return masks


@cache
def edit_parts() -> dict[str, EditPart]:
    """Every part found in the folder, by name."""
    modules = (importlib.import_module(f"{edits.__name__}.{module.name}") for module in pkgutil.iter_modules(edits.__path__))
    found = [part for module in modules for part in getattr(module, "EDITS", ())]
    return {part.name: part for part in sorted(found, key=lambda part: part.name)}


def _chosen(names: Iterable[str], kind: str) -> tuple[EditPart, ...]:
    parts = {name: part for name, part in edit_parts().items() if part.kind == kind}
    for name in names:
        if name not in parts:
            raise ConfigError(f"edits.{kind}s: no {kind} edit is named {name!r}; {nearest(name, parts)}")
    return tuple(parts[name] for name in names)


def chosen_parts(settings: EditSettings) -> tuple[tuple[EditPart, ...], tuple[EditPart, ...]]:
    """The line edits and the span edits that the settings name, in their order. Raises ConfigError for a name that no part has."""
    return _chosen(settings.lines, "line"), _chosen(settings.spans, "span")
