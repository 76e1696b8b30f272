"""What is measured on documents, and the rules that judge it."""

from pydantic import Field

from corpusmill.settings.base import Settings, Strings


class EditSettings(Settings):
    """Which spans of text are replaced: whole-line edits first, in order, then masked spans on the text they leave."""

    lines: Strings = ()
    spans: Strings = ()


class MeasureSettings(Settings):
    """How documents are measured. Part of the state of `signals`, with the edits."""

    language_characters: int = Field(default=1000, gt=0)
    """Language looks at so many leading characters: 4,500 documents/s against 840 on whole texts."""
    shingle_words: int = Field(default=5, gt=0)
    """Words a shingle (FineWeb, arXiv 2406.17557 appendix E.1)."""
    bands: int = Field(default=14, gt=0)
    rows: int = Field(default=8, gt=0)
    """14 bands of 8 values: pairs of similarity (1/14)^(1/8) = .72 match half the time or so (FineWeb)."""
    families: Strings = ()
    """Signal families that are measured only where asked for, beside those that rules name; the others always are."""


class RuleSettings(Settings):
    """A signal, its bounds, the reason given outside them, and where the numbers come from."""

    reason: str
    signal: str
    """`family.name`, as in the signals table."""
    min: float | None = None
    max: float | None = None
    above: float | None = None
    below: float | None = None
    within: Strings | None = Field(default=None, alias="in")
    when: "WhenSettings | None" = None
    source: str = ""


class WhenSettings(Settings):
    """Restricts a rule to documents whose other signal is one of these values."""

    signal: str
    within: Strings = Field(alias="in")
