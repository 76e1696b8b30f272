"""Every job by its verb_noun, in the order of the pipeline; imported when it runs, so that no job pays for another's packages."""

import importlib
from typing import TYPE_CHECKING

from corpusmill.errors import ConfigError
from corpusmill.nearest import nearest

if TYPE_CHECKING:
    from corpusmill.job import Job

JOBS = {
    "ingest_documents": "corpusmill.ingest.ingest_documents.IngestDocuments",
    "measure_documents": "corpusmill.measure.measure_documents.MeasureDocuments",
    "score_documents": "corpusmill.scoring.score_documents.ScoreDocuments",
    "judge_documents": "corpusmill.rules.judge_documents.JudgeDocuments",
    "find_duplicates": "corpusmill.dedup.find_duplicates.FindDuplicates",
    "embed_documents": "corpusmill.semantic.embed_documents.EmbedDocuments",
    "find_semantic_duplicates": "corpusmill.semantic.find_semantic_duplicates.FindSemanticDuplicates",
    "find_contamination": "corpusmill.decontaminate.find_contamination.FindContamination",
    "find_passages": "corpusmill.passages.find_passages.FindPassages",
    "publish_corpus": "corpusmill.publish.publish_corpus.PublishCorpus",
    "train_classifier": "corpusmill.scoring.train_classifier.TrainClassifier",
    "train_perplexity": "corpusmill.scoring.train_perplexity.TrainPerplexity",
    "train_tokenizer": "corpusmill.tokenizers.train_tokenizer.TrainTokenizer",
    "encode_corpus": "corpusmill.tokenizers.encode_corpus.EncodeCorpus",
    "write_shards": "corpusmill.shards.write_shards.WriteShards",
    "train_model": "corpusmill.train.train_model.TrainModel",
    "write_report": "corpusmill.reports.write_report.WriteReport",
}
PIPELINE = "run_pipeline"
"""Runs pipeline.stages in order."""


def check_job(name: str) -> None:
    """Raises ConfigError naming the nearest where there is no such job."""
    if name not in JOBS and name != PIPELINE:
        raise ConfigError(f"there is no job '{name}': {nearest(name, [*JOBS, PIPELINE])}")


def check_stage(name: str) -> None:
    """Raises ConfigError naming the nearest where it is no job that a pipeline can have as a stage."""
    if name not in JOBS:
        raise ConfigError(f"there is no job '{name}': {nearest(name, JOBS)}")


def make_job(name: str) -> "Job":
    """The job of that name. Raises ConfigError naming the nearest."""
    check_stage(name)
    module, _, attribute = JOBS[name].rpartition(".")
    made: Job = getattr(importlib.import_module(module), attribute)()
    return made
