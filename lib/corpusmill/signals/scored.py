"""The signals of later families, which score_documents computes with models: what each kind of score has, by which rules name it."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpusmill.settings import Scores, ScoreSettings
from corpusmill.signals.registry import Field, SignalStruct

CLASSIFIER = (
    Field(
        "label",
        "string",
        "raw",
        "the likeliest label; of a regression the score as a whole number; empty for a text without words",
        undefined="",
    ),
    Field("probability", "double", "raw", "its probability; of a regression by the spread of its errors in training", undefined=0.0),
    Field(
        "score", "double", "raw", "the probability of the positive label, else of the likeliest; of a regression its value", undefined=0.0
    ),
)

PERPLEXITY = (
    Field("perplexity", "double", "raw", "per token of the language's model; -1 without one, and for a text without words", undefined=-1.0),
    Field(
        "bucket", "string", "raw", "head, middle or tail by the language's percentiles; all where perplexity is undefined", undefined="all"
    ),
)
WORDS = (
    Field("hits", "bigint", "raw", "words and phrases of the lists found, each time they stand there"),
    Field("distinct", "bigint", "raw", "how many different ones"),
    Field("share", "double", "raw", "words of the document that hits cover, of all its words", undefined=0.0),
)


@dataclass(frozen=True)
class ScoredKind:
    """What a kind of model says of a document."""

    doc: str
    fields: tuple[Field, ...]


KINDS = {
    "fasttext": ScoredKind("a fastText classifier", CLASSIFIER),
    "embedding": ScoredKind("a linear head on sentence embeddings", CLASSIFIER),
    "perplexity": ScoredKind("a language model of each language", PERPLEXITY),
    "words": ScoredKind("lists of words", WORDS),
}
"""By the `kind` of ScoreSettings."""


def scored_struct(settings: ScoreSettings) -> SignalStruct:
    """The struct column of the table `signals_<name>`."""
    kind = KINDS[settings.kind]
    return SignalStruct(settings.name, kind.doc, kind.fields)


def scored_structs(scores: Scores) -> Sequence[SignalStruct]:
    """Those of all scores, in the recipe's order."""
    return [scored_struct(settings) for settings in scores]
