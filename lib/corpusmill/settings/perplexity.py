"""Language models whose perplexity is a score, and how they are trained, as CCNet does it (arXiv 1911.00359)."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from corpusmill.settings.base import SampleSettings, ScoreName, Settings, Share, TableSettings, as_tuple


class LanguageTextsSettings(TableSettings):
    """Texts that language models learn from, all of one language or with a column that holds it."""

    language: str = ""
    """The ISO 639 code of every row."""
    language_column: str = ""
    """The column that holds each row's code; of `corpus`, where neither is given, its own."""


class PerplexityTrainingSettings(SampleSettings):
    """How train_perplexity makes a SentencePiece model and a KenLM model a language; the defaults are CCNet's (its Makefile).

    The cutoffs of the buckets come from the texts held out of each language.
    """

    texts: Annotated[tuple[LanguageTextsSettings, ...], BeforeValidator(as_tuple)] = ()
    """Empty: the model is the user's folder."""
    languages: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], ...], BeforeValidator(as_tuple)] = ()
    """ISO 639 codes; empty: those that the texts have `least` of."""
    least: int = Field(default=1_000, gt=0)
    """Texts a language, where `languages` names none: what language identification finds rarely is mostly a mistake of its. Ours."""
    most: int = Field(default=1_000_000, gt=0)
    """Documents a language; more are sampled down by a hash of the text."""
    pieces_from: int = Field(default=400_000, gt=0)
    """Documents a language that the SentencePiece model is trained on."""
    vocab_size: int = Field(default=65_536, gt=0)
    """Pieces of the unigram model; of fewer texts it has fewer."""
    character_coverage: Share = 0.9995
    order: int = Field(default=5, ge=2, le=6)
    """Words of the longest n-gram; KenLM is compiled for at most 6."""
    head: int = Field(default=30, gt=0, lt=100)
    """The percentile of held-out perplexities below which a document is in the bucket `head` (CCNet, cc_net/perplexity.py)."""
    tail: int = Field(default=60, gt=0, lt=100)
    """The percentile from which it is in `tail` (CCNet); `middle` is between."""
    memory: str = Field(default="2G", pattern=r"^[0-9]+(\.[0-9]+)?[KMGT%]$")
    """What lmplz sorts in (its -S); more is spilled to disk. CCNet gives it 8G."""
    programs: str = ""
    """The folder of lmplz and build_binary; empty: PATH, then where tools/build_kenlm.sh puts them."""


class PerplexityScoreSettings(Settings):
    """Perplexity by language models as a signal family: perplexity, bucket."""

    kind: Literal["perplexity"]
    name: ScoreName
    model: str = ""
    """A folder of LANGUAGE.sp.model, LANGUAGE.arpa.bin (as CCNet publishes them) and cutoffs.json, {LANGUAGE: [head, tail]}; empty: what
    train_perplexity has made under this name."""
    training: PerplexityTrainingSettings = PerplexityTrainingSettings()
