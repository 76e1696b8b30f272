"""Every setting of every job, one frozen model a section, each published default with its source beside it.

No other package holds a default. `config.py` fills these from TOML files and overrides. No pyspark here: `inspect` and the trainer read them.
"""

from typing import Annotated

from pydantic import BeforeValidator, Field

from corpusmill.settings.base import Integers, Settings, Share, Strings, as_tuple
from corpusmill.settings.ingest import IngestSettings, TrafilaturaSettings, UrlListSettings
from corpusmill.settings.measuring import EditSettings, MeasureSettings, RuleSettings, WhenSettings
from corpusmill.settings.running import PipelineSettings, ReportSettings, StoreSettings
from corpusmill.settings.selecting import BenchmarkSettings, ContaminationSettings, DedupSettings
from corpusmill.settings.training import ShardSettings, TokenizerSettings, TrainSettings

__all__ = [
    "BenchmarkSettings",
    "Config",
    "ContaminationSettings",
    "DedupSettings",
    "EditSettings",
    "IngestSettings",
    "Integers",
    "MeasureSettings",
    "PipelineSettings",
    "ReportSettings",
    "RuleSettings",
    "Settings",
    "ShardSettings",
    "Share",
    "StoreSettings",
    "Strings",
    "TokenizerSettings",
    "TrafilaturaSettings",
    "TrainSettings",
    "UrlListSettings",
    "WhenSettings",
]


class Config(Settings):
    """All sections together, as the files and overrides of one command make them."""

    store: StoreSettings = StoreSettings()
    ingest: IngestSettings = IngestSettings()
    edits: EditSettings = EditSettings()
    measure: MeasureSettings = MeasureSettings()
    rules: Annotated[tuple[RuleSettings, ...], BeforeValidator(as_tuple)] = ()
    dedup: DedupSettings = DedupSettings()
    contamination: ContaminationSettings = ContaminationSettings()
    tokenizer: TokenizerSettings = TokenizerSettings()
    shards: ShardSettings = ShardSettings()
    train: TrainSettings = TrainSettings()
    report: ReportSettings = ReportSettings()
    pipeline: PipelineSettings = PipelineSettings()
    spark: dict[str, str] = Field(default_factory=dict)
    """Spark's own settings, given as spark.KEY=VALUE."""
