"""Every setting of every job, one frozen model a section, each published default with its source beside it.

No other package holds a default. `config.py` fills these from TOML files and overrides. No pyspark here: `inspect` and the trainer read them.
"""

from typing import Annotated

from pydantic import BeforeValidator, Field

from corpusmill.settings.base import Integers, SampleSettings, Settings, Share, Strings, TableSettings, as_tuple
from corpusmill.settings.deduplication import DedupSettings
from corpusmill.settings.embedding import EmbeddingScoreSettings, EmbeddingTrainingSettings
from corpusmill.settings.index import IndexSettings
from corpusmill.settings.ingest import FieldSettings, IngestSettings, TrafilaturaSettings, UrlListSettings
from corpusmill.settings.measuring import EditSettings, MeasureSettings, RuleSettings, WhenSettings
from corpusmill.settings.passages import PassageSettings
from corpusmill.settings.perplexity import LanguageTextsSettings, PerplexityScoreSettings, PerplexityTrainingSettings
from corpusmill.settings.running import PipelineSettings, ReportSettings, StoreSettings
from corpusmill.settings.scores import ClassifierSettings, ModelSettings, Scores, ScoreSettings
from corpusmill.settings.scoring import (
    ClassifierTrainingSettings,
    ExamplesSettings,
    FastTextScoreSettings,
    FastTextTrainingSettings,
)
from corpusmill.settings.selecting import BenchmarkSettings, ContaminationSettings
from corpusmill.settings.semantic import SemanticSettings
from corpusmill.settings.training import ShardSettings, TokenizerSettings, TrainSettings
from corpusmill.settings.word_lists import WordListScoreSettings, WordListSettings

__all__ = [
    "BenchmarkSettings",
    "ClassifierSettings",
    "ClassifierTrainingSettings",
    "Config",
    "ContaminationSettings",
    "DedupSettings",
    "EditSettings",
    "EmbeddingScoreSettings",
    "EmbeddingTrainingSettings",
    "ExamplesSettings",
    "FastTextScoreSettings",
    "FastTextTrainingSettings",
    "FieldSettings",
    "IndexSettings",
    "IngestSettings",
    "Integers",
    "LanguageTextsSettings",
    "MeasureSettings",
    "ModelSettings",
    "PassageSettings",
    "PerplexityScoreSettings",
    "PerplexityTrainingSettings",
    "PipelineSettings",
    "ReportSettings",
    "RuleSettings",
    "SampleSettings",
    "ScoreSettings",
    "Scores",
    "SemanticSettings",
    "Settings",
    "ShardSettings",
    "Share",
    "StoreSettings",
    "Strings",
    "TableSettings",
    "TokenizerSettings",
    "TrafilaturaSettings",
    "TrainSettings",
    "UrlListSettings",
    "WhenSettings",
    "WordListScoreSettings",
    "WordListSettings",
]


class Config(Settings):
    """All sections together, as the files and overrides of one command make them."""

    store: StoreSettings = StoreSettings()
    ingest: IngestSettings = IngestSettings()
    edits: EditSettings = EditSettings()
    measure: MeasureSettings = MeasureSettings()
    rules: Annotated[tuple[RuleSettings, ...], BeforeValidator(as_tuple)] = ()
    scores: Annotated[tuple[ScoreSettings, ...], BeforeValidator(as_tuple)] = ()
    dedup: DedupSettings = DedupSettings()
    semantic: SemanticSettings = SemanticSettings()
    passages: PassageSettings = PassageSettings()
    contamination: ContaminationSettings = ContaminationSettings()
    tokenizer: TokenizerSettings = TokenizerSettings()
    shards: ShardSettings = ShardSettings()
    train: TrainSettings = TrainSettings()
    report: ReportSettings = ReportSettings()
    pipeline: PipelineSettings = PipelineSettings()
    spark: dict[str, str] = Field(default_factory=dict)
    """Spark's own settings, given as spark.KEY=VALUE."""
