"""What every section of settings is made of: frozen, typed models, and lists that a single text may stand for."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def as_tuple(value: object) -> object:
    """A single text stands for a list of one; TOML arrays become tuples, so that the model can be hashed and pickled by value."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, Mapping) else value


Strings = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]
Integers = Annotated[tuple[int, ...], BeforeValidator(as_tuple)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Settings(BaseModel):
    """Frozen, strict and without unknown keys, so that a typing mistake is an error and not a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


ScoreName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""The name of a score's family: rules name `NAME.field`, its table is `signals_NAME`."""


class TableSettings(Settings):
    """Texts to learn from."""

    path: str
    """A Delta table's folder, Parquet or JSON lines (a file or a folder), or `corpus`: this store's own."""
    text: str = "text"
    """The column of the text."""
    where: str = ""
    """An SQL condition on the columns, to take some of the rows."""


class SampleSettings(Settings):
    """Which of the examples are learned from; the same every time."""

    most: int = Field(default=400_000, gt=0)
    """Examples in all; more are sampled down by a hash of the text. 400 k as 200 k a side,
    which is how many DCLM's classifier learned from by its name (arXiv 2406.11794: `..._bigram_200k_train`)."""
    held_out: Share = 0.1
    """The share that is not learned from but measured on, by a hash of the text."""
    seed: int = 0
