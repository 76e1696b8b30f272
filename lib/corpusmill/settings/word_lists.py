"""Lists of words and phrases that are looked for in documents."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from corpusmill.settings.base import ScoreName, Settings, as_tuple


class WordListSettings(Settings):
    """One list, for the documents of one language."""

    path: str
    """A file of UTF-8, a word or phrase a line; what follows a # is a comment."""
    language: str = Field(default="", pattern=r"^([a-z]{2,3})?$")
    """An ISO 639 code; empty: every language."""


class WordListScoreSettings(Settings):
    """Words of lists as a signal family: hits, share, distinct. Of offensive words they are a sign of toxicity, no proof.

    A classifier of toxicity is a score of kind `fasttext` that is trained on labelled examples.
    """

    kind: Literal["words"]
    name: ScoreName
    lists: Annotated[tuple[WordListSettings, ...], BeforeValidator(as_tuple)] = ()
    """Empty: the lists of offensive and adult words of this package, for de, en, es, fr and zh."""
