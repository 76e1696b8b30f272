"""Judging over tables: Spark's rules agree with Arrow's and Python's at every bound, and signals of other edits are refused."""

import pytest
from corpusmill.errors import ConfigError, NotReadyError
from corpusmill.job import Run
from corpusmill.ledger import Entry, Ledger
from corpusmill.pipeline import run_job
from corpusmill.rules.arrow import reasons_array
from corpusmill.rules.columns import reasons_column, unmeasured_column
from corpusmill.rules.judge_documents import JudgeDocuments, JudgeStage
from corpusmill.settings import Config, EditSettings, RuleSettings
from corpusmill.slices import Slice
from corpusmill.tables import Signals, Verdicts
from narrow_rows import done

from tests.unit.rules.rule_cases import ROWS, RULES, compiled, expected, signals

pytestmark = pytest.mark.connect

SETTINGS = tuple(RuleSettings.model_validate(rule) for rule in RULES)
PIECE = Slice("default", 0)


def signals_frame(store, rows):
    """A signals table of these (list_ratio, code, words), doc_ids their numbers."""
    families = [row.values() for row in signals(rows).to_pylist()]
    ends = [(f"{n:032x}", "default", 0, b"d") for n in range(len(rows))]
    body = [tuple(None if family is None else tuple(family.values()) for family in row) for row in families]
    return store.frame(Signals, [(*end, *row, b"h", None, []) for end, row in zip(ends, body, strict=True)])


def test_agrees_with_arrow_and_python_at_and_beside_the_bounds(store):
    found = {int(row[0], 16): row[1] for row in signals_frame(store, ROWS).select("doc_id", reasons_column(compiled())).collect()}
    arrow = reasons_array(compiled(), signals(ROWS)).to_pylist()
    for number, row in enumerate(ROWS):
        assert found[number] == arrow[number] == expected(*row), row


@pytest.mark.parametrize("row", [(None, "en", 3), (1.0, None, 3), (1.0, "en", None)])
def test_null_is_not_judged(store, row):
    frame = signals_frame(store, [(1.0, "en", 3), row])
    assert [found[0] for found in frame.select(unmeasured_column(compiled())).collect()] == [False, True]
    with pytest.raises(Exception, match="a signal is null: run measure_documents"):
        frame.select(reasons_column(compiled())).collect()


def test_stage_gives_a_row_for_every_document(store):
    verdicts = JudgeStage(rules=SETTINGS)(signals_frame(store, ROWS))
    assert [field.name for field in verdicts.schema.fields] == list(Verdicts.columns())
    assert verdicts.count() == len(ROWS)
    kept = JudgeStage()(signals_frame(store, ROWS[:2]))
    assert [row[Verdicts.reasons] for row in kept.collect()] == [[], []]


def ready(spark, store, config, edits, rows=ROWS):
    """A run whose ledger says that PIECE was measured with `edits`."""
    store.replace(Signals, signals_frame(store, rows), PIECE)
    run = Run(spark, store, config, Ledger(store), lambda _: None)
    measured = Run(spark, store, Config(edits=edits), run.ledger, print)
    from corpusmill.measure.measure_documents import MeasureDocuments
    from corpusmill.pipeline import _planned

    done(run, PIECE, "ingest_documents")
    planned = _planned(MeasureDocuments(), measured, PIECE)
    run.ledger.record([Entry(planned.job, PIECE, planned.state, planned.inputs, planned.settings, "done")])
    return run


def test_job_judges_and_a_moved_bound_judges_again(spark, store):
    run = ready(spark, store, Config(rules=SETTINGS), EditSettings())
    assert run_job(JudgeDocuments(), run) == 1
    assert store.read(Verdicts).count() == len(ROWS)
    assert run_job(JudgeDocuments(), run) == 0
    sourced = Config(rules=tuple(rule.model_copy(update={"source": "somewhere"}) for rule in SETTINGS))
    assert run_job(JudgeDocuments(), Run(spark, store, sourced, run.ledger, lambda _: None)) == 0
    moved = Config(rules=SETTINGS[:1])
    assert run_job(JudgeDocuments(), Run(spark, store, moved, run.ledger, lambda _: None)) == 1


def test_signals_of_other_edits_are_refused(spark, store):
    run = ready(spark, store, Config(rules=SETTINGS, edits=EditSettings(spans=("email",))), EditSettings())
    with pytest.raises(NotReadyError, match="signals of default/0 were measured with other edits: run measure_documents with this recipe"):
        run_job(JudgeDocuments(), run)
    assert store.read(Verdicts).count() == 0
    assert run.ledger.entry("judge_documents", PIECE) is None


def test_a_null_signal_is_one_line(spark, store):
    run = ready(spark, store, Config(rules=SETTINGS), EditSettings(), [*ROWS[:2], (None, "en", 3)])
    with pytest.raises(NotReadyError, match=f"null for document {2:032x}"):
        run_job(JudgeDocuments(), run)


def test_an_unknown_signal_is_an_error_before_anything_runs(spark, store):
    rule = RuleSettings(reason="r", signal="counts.word", min=1.0)
    with pytest.raises(ConfigError, match=r"did you mean 'counts\.words'"):
        JudgeDocuments().settings(Run(spark, store, Config(rules=(rule,)), Ledger(store), print))
