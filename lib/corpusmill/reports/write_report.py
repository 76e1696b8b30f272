"""The job that writes report.html and summary.json from what every other job has left."""

import json
from collections.abc import Sequence

from corpusmill.files import write_file
from corpusmill.job import Input, Job, Run
from corpusmill.jobs import JOBS
from corpusmill.ledger import Entry
from corpusmill.paths import exists, join_path
from corpusmill.reports import aggregates, examples
from corpusmill.reports.content import Content, Duplication, Training
from corpusmill.reports.duplication import duplication
from corpusmill.reports.models import models, scores_of
from corpusmill.reports.page import report_html
from corpusmill.reports.summary import summary_json
from corpusmill.settings import Config, DedupSettings, MeasureSettings, RuleSettings, Settings, TrainSettings
from corpusmill.slices import EVERYTHING, Slice

PAGE, SUMMARY = "report.html", "summary.json"


class WriteReport(Job):
    """Reads aggregates, a few examples, and the ledger."""

    name = "write_report"
    after = "ingest_documents"

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """Where the report goes and how many examples it shows."""
        return {"report": run.config.report, "folder": report_folder(run)}

    def slices(self, run: Run) -> Sequence[Slice]:
        """One report over everything."""
        return (EVERYTHING,)

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """All that is done, stale or not: a report shows what there is."""
        made = [(job, done) for job in JOBS if job != self.name for done in run.ledger.slices(job)]
        return [Input(job, done, optional=True, may_be_stale=True) for job, done in made]

    def is_lost(self, run: Run, piece: Slice) -> bool:
        """Whether somebody removed one of the two files."""
        folder = report_folder(run)
        return not all(exists(join_path(folder, name)) for name in (PAGE, SUMMARY))

    def work(self, run: Run, piece: Slice) -> int:
        """Write both files. Raises NotReadyError where the counts do not add up."""
        content = _content(run)
        folder = report_folder(run)
        page, summary = report_html(content), summary_json(content)
        write_file(join_path(folder, PAGE), page.encode())
        write_file(join_path(folder, SUMMARY), summary.encode())
        run.say(f"{self.name}: {join_path(folder, PAGE)}")
        return len(content.removals)


def report_folder(run: Run) -> str:
    """report.folder, or `reports` under the store's files."""
    return run.config.report.folder or join_path(run.store.files, "reports")


def _content(run: Run) -> Content:
    store = run.store
    first = aggregates.decided(store)
    tallies = aggregates.tallies(store, first)
    corpus_documents, corpus_characters = aggregates.corpus(store)
    shards, tokens = aggregates.shards(store)
    seconds = run.ledger.seconds()
    judged = _judged_by(run)
    return Content(
        records=aggregates.records(store),
        documents=aggregates.documents(store),
        characters=aggregates.characters(tallies),
        rejected=aggregates.rejected(store),
        reasons=aggregates.by_reason(tallies),
        corpus_documents=corpus_documents,
        corpus_characters=corpus_characters,
        is_published=bool(run.ledger.slices("publish_corpus")),
        tokens=tokens,
        shards=shards,
        languages=aggregates.by_language(tallies),
        hosts=aggregates.hosts(store, first),
        edits=examples.edits(store),
        removals=examples.removals(store, first, judged),
        duplication=_duplication(run),
        models=models(store, judged.scores),
        training=_training(run),
        seconds={job: seconds[job] for job in JOBS if job in seconds and job != WriteReport.name},
        settings={job: entry.settings for job in JOBS for entry in [_newest(run, job)] if entry is not None and job != WriteReport.name},
    )


def _judged_by(run: Run) -> Config:
    """The configuration with the rules of the newest verdicts and all scores known, whatever recipe this command names."""
    judged, scored = _newest(run, "judge_documents"), _newest(run, "score_documents")
    rules = [RuleSettings.model_validate(rule) for rule in json.loads(json.loads(judged.settings)["rules"])] if judged else []
    scores = scores_of(scored.settings, run.config.scores) if scored else run.config.scores
    return run.config.model_copy(update={"rules": tuple(rules), "scores": scores})


def _duplication(run: Run) -> Duplication | None:
    """Of the duplicates that were found last, however long ago; the sketches are those of the newest measurement."""
    measured, decided = _newest(run, "measure_documents"), _newest(run, "find_duplicates")
    if decided is None:
        return None
    measure, dedup = (json.loads(entry.settings) if entry else {} for entry in (measured, decided))
    return duplication(
        run.store,
        MeasureSettings.model_validate(measure["measure"]) if "measure" in measure else None,
        DedupSettings.model_validate(dedup["dedup"]) if "dedup" in dedup else None,
    )


def _training(run: Run) -> Training | None:
    """The curve of the run that was trained last."""
    made = _newest(run, "train_model")
    return aggregates.training(run.store, TrainSettings.model_validate(json.loads(made.settings)["train"])) if made else None


def _newest(run: Run, job: str) -> Entry | None:
    """The ledger's entry of the job's last slice."""
    done = run.ledger.slices(job)
    return run.ledger.entry(job, done[-1]) if done else None
