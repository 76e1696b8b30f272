"""Which documents are left out beside what rules say and beside duplicates: contaminated ones."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from corpusmill.settings.base import Settings, Share, Strings, as_tuple


class BenchmarkSettings(Settings):
    """One benchmark file in JSON lines."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    path: str
    fields: Strings
    """The fields whose text is looked for, joined by a space."""


class ContaminationSettings(Settings):
    """Which benchmark texts are looked for, and how much of them makes a document contaminated."""

    benchmarks: Annotated[tuple[BenchmarkSettings, ...], BeforeValidator(as_tuple)] = ()
    any_words: int = Field(default=13, ge=0)
    """Any shared n-gram of so many words contaminates (GPT-3, arXiv 2005.14165 appendix C). 0: off."""
    ratio_words: int = Field(default=20, ge=0)
    """n-gram of the ratio rule (YuLan-Mini, arXiv 2412.17743; there of tokens). 0: off."""
    ratio: Share = 0.1
    """More than this share of a document's n-grams hit (YuLan-Mini)."""
    ratio_max_count: int = Field(default=4, gt=0)
    """Benchmark n-grams seen in the benchmarks more often than this are not counted (YuLan-Mini)."""
    action: Literal["drop", "annotate"] = "drop"
