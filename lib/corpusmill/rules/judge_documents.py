"""Judge: the recipe's rules on the signals of every measured document. Reads no text, so a bound can be moved at will."""

import json
from collections.abc import Sequence
from typing import ClassVar

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from corpusmill.errors import NotReadyError
from corpusmill.job import Input, Job, Run
from corpusmill.rules.columns import reasons_column, unmeasured_column, unscored_column
from corpusmill.rules.rule import compile_rules
from corpusmill.rules.scores import named_scores, scores_text, with_scores
from corpusmill.settings import RuleSettings, Scores, Settings
from corpusmill.slices import Slice
from corpusmill.stage import Stage
from corpusmill.tables import Signals, Table, Verdicts

_MEASURE = "measure_documents"
_SCORE = "score_documents"


class JudgeStage(Stage):
    """A verdict for every measured document; no reasons means in."""

    reads: ClassVar[tuple[type[Table], ...]] = (Signals,)
    writes: ClassVar[type[Table]] = Verdicts

    rules: tuple[RuleSettings, ...] = ()
    scores: Scores = ()

    def transform(self, *frames: DataFrame) -> DataFrame:
        """Narrow: a projection of one frame, signals with a struct more for each score that the rules look at."""
        (signals,) = frames
        reasons = reasons_column(compile_rules(self.rules, self.scores)).alias(Verdicts.reasons)
        return signals.select(F.col(Signals.doc_id), F.col(Signals.snapshot), F.col(Signals.chunk), reasons)


class JudgeDocuments(Job):
    """Replaces `verdicts` chunk by chunk."""

    name = "judge_documents"
    after = "measure_documents"

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """The rules without their sources, which decide nothing, and the edits that the signals must have been measured with.

        Raises ConfigError for a rule that is wrong.
        """
        compile_rules(run.config.rules, run.config.scores)
        rules = [rule.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"source"}) for rule in run.config.rules]
        return {"rules": json.dumps(rules, sort_keys=True), "edits": run.config.edits}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every measured chunk."""
        return run.ledger.slices(_MEASURE)

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """The chunk's signals, and its scores where rules look at some and they have been made."""
        measured = Input(_MEASURE, piece)
        return (measured, Input(_SCORE, piece, optional=True)) if named_scores(run.config) else (measured,)

    def prepare(self, run: Run, pieces: Sequence[Slice]) -> None:
        """Raise NotReadyError where signals were measured with other edits than this recipe's, or documents scored with other models."""
        edits, scores = run.config.edits.model_dump(mode="json"), scores_text(run.config)
        looks_at_scores = bool(named_scores(run.config))
        for piece in pieces:
            if run.ledger.settings(_MEASURE, piece).get("edits") != edits:
                raise NotReadyError(f"signals of {piece} were measured with other edits: run {_MEASURE} with this recipe first")
            is_scored = looks_at_scores and run.ledger.entry(_SCORE, piece) is not None
            if is_scored and run.ledger.settings(_SCORE, piece).get("scores") != scores:
                raise NotReadyError(f"{piece} was scored with other settings of scores: run {_SCORE} with this recipe first")

    def work(self, run: Run, piece: Slice) -> int:
        """Raises NotReadyError where a signal that a rule looks at is null, or a score that its rule reaches, once scores have been made."""
        config = run.config
        signals = with_scores(run.store, config, run.store.read(Signals, piece), piece)
        rules = compile_rules(config.rules, config.scores)
        _require_none(signals, unmeasured_column(rules), f"signals of {piece} are null", _MEASURE)
        if run.ledger.entry(_SCORE, piece):
            _require_none(signals, unscored_column(rules), f"scores of {piece} are missing", _SCORE)
        run.store.replace(Verdicts, JudgeStage(rules=config.rules, scores=config.scores)(signals), piece)
        return run.store.read(Verdicts, piece).count()


def _require_none(signals: DataFrame, condition: Column, what: str, job: str) -> None:
    found = signals.where(condition).select(F.col(Signals.doc_id)).first()
    if found is not None:
        raise NotReadyError(f"{what} for document {found[0]}: run {job} with pipeline.force=true")
