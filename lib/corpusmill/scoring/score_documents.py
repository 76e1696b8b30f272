"""Score: the recipe's models on the documents that its rules have kept so far, in one pass over their text."""

import hashlib
import json
from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.job import Input, Job, Run
from corpusmill.rules.scores import scores_text
from corpusmill.score_tables import score_table
from corpusmill.scoring.cascade import Cascade, plan_cascade
from corpusmill.scoring.current import current_model
from corpusmill.scoring.frames import COST, COUNT, candidates, score_frame
from corpusmill.scoring.models import CurrentModel, local_model
from corpusmill.scoring.scorer import open_scorer, require_packages
from corpusmill.settings import Config, Settings
from corpusmill.slices import Slice
from corpusmill.tables import Documents, Signals
from corpusmill.wording import counted

_MEASURE = "measure_documents"
_SCORED = "scored"


class ScoreDocuments(Job):
    """Replaces `signals_<name>` of every score chunk by chunk."""

    name = "score_documents"
    after = _MEASURE

    def __init__(self) -> None:
        self._models: dict[str, CurrentModel] = {}

    def check(self, config: Config) -> None:
        """Whether the rules on scores are right, and the packages there."""
        plan_cascade(config.rules, config.scores)
        require_packages(config.scores)

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """The scores, how they are trained aside, and the rules that decide which documents each model sees."""
        return {"scores": scores_text(run.config), "rules": _deciding_rules(run.config)}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every measured chunk; none where the recipe asks for no scores."""
        return run.ledger.slices(_MEASURE) if run.config.scores else []

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """The chunk's text and its signals."""
        return (Input("ingest_documents", piece), Input(_MEASURE, piece))

    def fingerprint(self, run: Run, piece: Slice) -> str:
        """The digests of the models. Raises NotReadyError for one that was never trained, InputError for a file that is not there."""
        return ",".join(f"{name}:{model.sha256}" for name, model in self._found(run).items())

    def prepare(self, run: Run, pieces: Sequence[Slice]) -> None:
        """Open every model here once, so that one that does not fit its settings is said before any text is read."""
        for settings in run.config.scores:
            open_scorer(settings, local_model(self._found(run)[settings.name]))

    def work(self, run: Run, piece: Slice) -> int:
        """One pass over the text into scratch, then one commit a table."""
        store, config = run.store, run.config
        cascade = plan_cascade(config.rules, config.scores)
        models = self._found(run)
        signals = _with_known(run, cascade, models, store.read(Signals, piece), piece)
        scratch = store.scratch(f"{self.name}_{piece.snapshot}_{piece.chunk}")
        scratch.write(_SCORED, score_frame(store.read(Documents, piece), candidates(signals, cascade), cascade, models))
        scored = scratch.read(_SCORED)
        for settings in cascade.order:
            table = score_table(settings)
            rows = scored.where(F.col(settings.name).isNotNull()).withColumn(table.model, F.lit(models[settings.name].sha256))
            store.replace(table, rows, piece)
        self._report(run, cascade, scored)
        total = scored.count()
        scratch.drop()
        return total

    def _found(self, run: Run) -> dict[str, CurrentModel]:
        if not self._models:
            self._models = {settings.name: current_model(run.store.files, settings) for settings in run.config.scores}
        return self._models

    def _report(self, run: Run, cascade: Cascade, scored: DataFrame) -> None:
        """A line a model: how many documents reached it, and what each cost."""
        names = [settings.name for settings in cascade.order]
        costs = [f"{part}_{name}" for name in names for part in (COST, COUNT)]
        sums = [F.count(F.col(name)).alias(name) for name in names] + [F.sum(cost).alias(cost) for cost in costs]
        (row,) = scored.agg(*sums).collect()
        for name in names:
            made, seconds = row[f"{COUNT}_{name}"] or 0, row[f"{COST}_{name}"] or 0.0
            each = f", {seconds / made * 1e6:,.0f} us each" if made else ""
            run.say(f"{self.name}: {name}  {counted(row[name], 'document')} reached it, {made:,} scored{each}")


def _deciding_rules(config: Config) -> str:
    """The rules down to the last that decides whether a model sees a document; of those on scores below, which signals they look at."""
    cascade = plan_cascade(config.rules, config.scores)
    last = max((cascade.first_rule(settings.name) for settings in cascade.order), default=0)
    dumped = [rule.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"source", "reason"}) for rule in config.rules]
    below = [f"{'+'.join(rule.scored)} {rule.when}" for rule in cascade.rules[last:] if rule.scored]
    return hashlib.sha256(json.dumps([dumped[:last], below], sort_keys=True).encode()).hexdigest()


def _with_known(run: Run, cascade: Cascade, models: dict[str, CurrentModel], signals: DataFrame, piece: Slice) -> DataFrame:
    """`signals` with the scores that the same models have given the same texts before."""
    key = (Signals.snapshot, Signals.doc_id, Signals.text_digest)
    for settings in cascade.order:
        table = score_table(settings)
        known = run.store.read(table, piece).where(F.col(table.model) == models[settings.name].sha256).select(*key, settings.name)
        signals = signals.join(known, on=[str(column) for column in key], how="left")
    return signals
