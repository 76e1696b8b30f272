"""Judge: the recipe's rules on the signals of every measured document. Reads no text, so a bound can be moved at will."""

import json
from collections.abc import Sequence
from typing import ClassVar

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.errors import NotReadyError
from corpusmill.job import Input, Job, Run
from corpusmill.rules.columns import reasons_column, unmeasured_column
from corpusmill.rules.rule import compile_rules
from corpusmill.settings import RuleSettings, Settings
from corpusmill.slices import Slice
from corpusmill.stage import Stage
from corpusmill.tables import Signals, Table, Verdicts

_MEASURE = "measure_documents"


class JudgeStage(Stage):
    """A verdict for every measured document; no reasons means in."""

    reads: ClassVar[tuple[type[Table], ...]] = (Signals,)
    writes: ClassVar[type[Table]] = Verdicts

    rules: tuple[RuleSettings, ...] = ()

    def transform(self, *frames: DataFrame) -> DataFrame:
        """Narrow: a projection of one frame."""
        (signals,) = frames
        reasons = reasons_column(compile_rules(self.rules)).alias(Verdicts.reasons)
        return signals.select(F.col(Signals.doc_id), F.col(Signals.snapshot), F.col(Signals.chunk), reasons)


class JudgeDocuments(Job):
    """Replaces `verdicts` chunk by chunk."""

    name = "judge_documents"
    after = "measure_documents"

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """The rules without their sources, which decide nothing, and the edits that the signals must have been measured with."""
        compile_rules(run.config.rules)
        rules = [rule.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"source"}) for rule in run.config.rules]
        return {"rules": json.dumps(rules, sort_keys=True), "edits": run.config.edits}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Every measured chunk."""
        return run.ledger.slices(_MEASURE)

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """The chunk's signals."""
        return (Input(_MEASURE, piece),)

    def prepare(self, run: Run, pieces: Sequence[Slice]) -> None:
        """Raise NotReadyError where signals were measured with other edits than this recipe's: its rules would judge another text."""
        wanted = run.config.edits.model_dump(mode="json")
        for piece in pieces:
            if run.ledger.settings(_MEASURE, piece).get("edits") != wanted:
                raise NotReadyError(f"signals of {piece} were measured with other edits: run {_MEASURE} with this recipe first")

    def work(self, run: Run, piece: Slice) -> int:
        """Raises NotReadyError where a signal that a rule looks at is null."""
        signals = run.store.read(Signals, piece)
        rules = compile_rules(run.config.rules)
        missing = signals.where(unmeasured_column(rules)).select(F.col(Signals.doc_id)).first()
        if missing is not None:
            raise NotReadyError(f"signals of {piece} are null for document {missing[0]}: run {_MEASURE} with pipeline.force=true")
        run.store.replace(Verdicts, JudgeStage(rules=run.config.rules)(signals), piece)
        return run.store.read(Verdicts, piece).count()
