"""Brings the scores that rules look at to the signals they stand beside."""

import json

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.rules.rule import compile_rules
from corpusmill.score_tables import score_table
from corpusmill.settings import Config, Scores
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.store import Store
from corpusmill.tables import Signals, names


def named_scores(config: Config) -> Scores:
    """Those of config.scores that a rule looks at, in the recipe's order. Raises ConfigError for a rule that is wrong."""
    named = {family for rule in compile_rules(config.rules, config.scores) for family in rule.scored}
    return tuple(settings for settings in config.scores if settings.name in named)


def with_scores(store: Store, config: Config, signals: DataFrame, piece: Slice = EVERYTHING) -> DataFrame:
    """`signals` of a slice with a struct column more for each score that a rule looks at; null where that text has no score."""
    key = (Signals.snapshot, Signals.doc_id, Signals.text_digest)
    for settings in named_scores(config):
        table = score_table(settings)
        scored = store.read(table, piece).select(*key, F.col(settings.name))
        signals = signals.join(scored, on=names(*key), how="left")
    return signals


def scores_text(config: Config) -> str:
    """The scores as JSON, without how and from what their models are made: what a scored slice depends on beside the models' content."""
    dumped = [settings.model_dump(mode="json", exclude={"training", "model", "lists"}) for settings in config.scores]
    return json.dumps(dumped, sort_keys=True)
