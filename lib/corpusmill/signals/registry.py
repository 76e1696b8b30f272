"""Every file in this folder that defines FAMILY is a signal family: its fields make the `signals` table and what rules may name."""

import importlib
import pkgutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import pyarrow as pa

from corpusmill import signals
from corpusmill.errors import ConfigError
from corpusmill.nearest import nearest
from corpusmill.text.views import Views

type_of = {"bigint": pa.int64(), "double": pa.float64(), "string": pa.string()}
"""Spark's names of the three types a signal can have, and Arrow's."""


@dataclass(frozen=True)
class Field:
    """One signal. `undefined` is the value it has by declaration where its ratio has no denominator or its text nothing to look at."""

    name: str
    type: Literal["bigint", "double", "string"]
    view: Literal["raw", "lines", "both"]
    doc: str
    undefined: int | float | str | None = None


Example = tuple[str, dict[str, int | float | str]]
"""A text and the values that some of its signals must have."""


@dataclass(frozen=True)
class SignalStruct:
    """Signals that stand together in one struct column, by which rules name them: `name.field`."""

    name: str
    doc: str
    fields: tuple[Field, ...]

    def ddl(self) -> str:
        """The Spark type as `simpleString()` prints it."""
        return "struct<" + ",".join(f"{field.name}:{field.type}" for field in self.fields) + ">"

    def arrow(self) -> pa.StructType:
        """The Arrow type."""
        return pa.struct([pa.field(field.name, type_of[field.type]) for field in self.fields])

    def struct(self, **values: np.ndarray | pa.Array) -> pa.StructArray:
        """Put together what `measure` returns: one array of n values for each field, by its name."""
        arrays = [pa.array(values[field.name], type=type_of[field.type]) for field in self.fields]
        return pa.StructArray.from_arrays(arrays, fields=list(self.arrow()))


@dataclass(frozen=True)
class Family(SignalStruct):
    """Signals that are measured together. `measure` gives one struct a document, never null, floats finite."""

    version: int
    """Raise it when the same text gives other values than before."""
    measure: Callable[[Views], pa.StructArray]
    examples: tuple[Example, ...]
    always: bool = True
    """Or only where a rule names it or `measure.families` lists it; elsewhere its struct is null, which means not measured."""
    early: bool = False
    """Measured before the others: what they keep of the texts and what this one needs for a time is not there at once."""


def ratio(counts: np.ndarray, totals: np.ndarray, undefined: float) -> np.ndarray:
    """Quotients `counts` / `totals` as float64[n], as Python divides integers; `undefined` where the total is 0."""
    quotients = np.full(len(counts), undefined, dtype=np.float64)
    np.divide(counts, totals, out=quotients, where=totals != 0)
    return quotients


@cache
def families() -> tuple[Family, ...]:
    """Every family found in the folder, by name."""
    modules = (importlib.import_module(f"{signals.__name__}.{module.name}") for module in pkgutil.iter_modules(signals.__path__))
    found = (module.FAMILY for module in modules if hasattr(module, "FAMILY"))
    return tuple(sorted(found, key=lambda family: family.name))


def chosen_families(names: Collection[str]) -> tuple[Family, ...]:
    """Those that are always measured and those named, by name. Raises ConfigError for a name that no family has."""
    known = {family.name: family for family in families()}
    for name in names:
        if name not in known:
            raise ConfigError(f"measure.families: there is no signal family {name!r}; {nearest(name, known)}")
    return tuple(family for family in families() if family.always or family.name in names)
