"""What is measured on documents, and the rules that judge it."""

from typing import Final, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from corpusmill.nearest import nearest
from corpusmill.settings.base import Settings, Strings
from corpusmill.settings.sketching import PRESETS, implausible

_DEFAULT: Final = "fineweb"


class EditSettings(Settings):
    """Which spans of text are replaced: whole-line edits first, in order, then masked spans on the text they leave."""

    lines: Strings = ()
    spans: Strings = ()


class MeasureSettings(Settings):
    """How documents are measured. Part of the state of `signals`, with the edits."""

    language_characters: int = Field(default=1000, gt=0)
    """Language looks at so many leading characters: 4,500 documents/s against 840 on whole texts."""
    sketch: Literal["minhash", "fast_similarity"] = "minhash"
    """How sketches are made. `minhash`: datatrove's signatures, value for value. `fast_similarity`: Dahlgaard, Knudsen and Thorup's sketches (arXiv
    1704.04370), which match as often and hash each shingle about once and not once a value. It is for many values: from text to sketch four times as
    fast for dclm's 1,395, six times for refinedweb's 9,000, and 1.4 times for FineWeb's 112 (benchmarks/sketching.py). Sketches of the two are never
    compared."""
    preset: str = Field(default=_DEFAULT, exclude=True)
    """Whose bands, rows, words a shingle and values to verify with: a name in PRESETS. Each of them can be set beside it. The name itself is no part
    of the state."""
    shingle_words: int = Field(default=PRESETS[_DEFAULT].shingle_words, gt=0)
    """Words a shingle."""
    bands: int = Field(default=PRESETS[_DEFAULT].bands, gt=0)
    rows: int = Field(default=PRESETS[_DEFAULT].rows, gt=0)
    """Bands of so many values: pairs of similarity (1/bands)^(1/rows) match about every other time, .72 for FineWeb's 14 of 8."""
    verify_values: int = Field(default=PRESETS[_DEFAULT].verify_values, ge=0)
    """So many values are stored for deduplication to verify candidates with; 0 stores all. Bands are made of all of them in any case."""
    families: Strings = ()
    """Signal families that are measured only where asked for, beside those that rules name; the others always are."""

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, given: object) -> object:
        """What is not given is the preset's."""
        preset = PRESETS.get(str(given.get("preset"))) if isinstance(given, dict) else None
        return {**preset._asdict(), **given} if preset and isinstance(given, dict) else given

    @field_validator("preset")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in PRESETS:
            raise ValueError(f"there is no preset {name!r}, {nearest(name, PRESETS)}")
        return name

    @field_validator("rows")
    @classmethod
    def _is_plausible(cls, rows: int, fields: ValidationInfo) -> int:
        problem = implausible(fields.data["bands"], rows) if "bands" in fields.data else ""
        if problem:
            raise ValueError(problem)
        return rows

    @property
    def kept_values(self) -> int:
        """Values that `signals` holds of each sketch."""
        values = self.bands * self.rows
        return min(self.verify_values or values, values)


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
