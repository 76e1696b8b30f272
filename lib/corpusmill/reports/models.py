"""What the report says of models: how those were trained that this package made, and what each said of the documents that reached it."""

import json
from typing import Any

from pydantic import TypeAdapter
from pyspark.sql import functions as F

from corpusmill.errors import InputError, NotReadyError
from corpusmill.reports.content import Distribution, Model
from corpusmill.score_tables import score_table
from corpusmill.scoring.current import TRAINED_BY
from corpusmill.scoring.models import find_model
from corpusmill.settings import ClassifierSettings, Scores, ScoreSettings
from corpusmill.signals.scored import scored_struct
from corpusmill.store import Store

QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
_ACCURACY = 10_000
"""Of Spark's approximate percentiles: ranks are right to one in so many."""


def models(store: Store, scores: Scores) -> tuple[Model, ...]:
    """One a score that was trained here or has seen a document, in the order of `scores`."""
    return tuple(model for model in (_model(store, settings) for settings in scores) if model.trained_on or model.documents)


def scores_of(recorded: str, given: Scores) -> Scores:
    """Those in the settings of a score_documents run, as the ledger has them; where this command's recipe has one of that name, its own."""
    written: Scores = TypeAdapter(Scores).validate_json(json.loads(recorded)["scores"])
    return tuple({settings.name: settings for settings in (*written, *given)}.values())


def _model(store: Store, settings: ScoreSettings) -> Model:
    about = _about(store.files, settings)
    tables = tuple((table["path"], table["version"]) for table in about.get("examples", ()))
    documents, distributions = _said(store, settings)
    return Model(settings.name, settings.kind, tables, about.get("trained_on", 0), about.get("held_out"), documents, distributions)


def _about(files: str, settings: ScoreSettings) -> dict[str, Any]:
    """What the training says of the current classifier; nothing of the user's own, and where there is none."""
    if not isinstance(settings, ClassifierSettings) or settings.model:
        return {}
    try:
        return find_model(files, settings, TRAINED_BY[settings.kind]).about
    except (NotReadyError, InputError):
        return {}


def _said(store: Store, settings: ScoreSettings) -> tuple[int, tuple[Distribution, ...]]:
    """(documents, the distribution of every number that the model gives them)."""
    fields = [field.name for field in scored_struct(settings).fields if field.type != "string"]
    columns = [F.percentile_approx(f"{settings.name}.{field}", list(QUANTILES), _ACCURACY).alias(field) for field in fields]
    (row,) = store.read(score_table(settings)).agg(F.count(F.lit(1)).alias(settings.name), *columns).collect()
    documents = row[0]
    if not documents:
        return 0, ()
    return documents, tuple(Distribution(field, tuple(zip(QUANTILES, row[field], strict=True))) for field in fields)
