"""Trains the recipe's classifiers on their examples, says how good they are on held-out ones, and makes them the current models."""

import importlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from corpusmill.errors import ConfigError
from corpusmill.job import Input, Job, Run
from corpusmill.scoring.embedding_head import true_labels
from corpusmill.scoring.evaluation import evaluate
from corpusmill.scoring.examples import CORPUS, Split, read_examples, split_examples, version_of
from corpusmill.scoring.label_sets import check_labels
from corpusmill.scoring.models import store_model
from corpusmill.scoring.scorer import open_scorer
from corpusmill.settings import ClassifierSettings, Config, Scores, Settings
from corpusmill.slices import Slice

Trainer = Callable[[ClassifierSettings, Split, Path], tuple[Path, dict[str, Any]]]
"""Trains on a split in a folder; gives the model's file or folder there, and what there is to say of the training."""
_TRAINED_BY = {
    "fasttext": "corpusmill.scoring.fasttext_training.train_score",
    "embedding": "corpusmill.scoring.embedding_training.train_score",
}
"""By kind; imported when one is trained."""
_PUBLISH = "publish_corpus"


class TrainClassifier(Job):
    """A slice a classifier, named as it is. Those whose model is the user's file are not trained."""

    name = "train_classifier"

    def check(self, config: Config) -> None:
        """Whether there is anything to train."""
        if not trained(config.scores):
            raise ConfigError("nothing to train: give a score of the recipe training.examples")

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """None for all together: each slice has its own, in its fingerprint."""
        return {}

    def slices(self, run: Run) -> Sequence[Slice]:
        """One a classifier."""
        return [Slice(settings.name) for settings in trained(run.config.scores)]

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """The whole published corpus, where it is among the examples."""
        paths = [examples.path for examples in _named(run, piece).training.examples]
        return [Input(_PUBLISH, chunk) for chunk in run.ledger.slices(_PUBLISH)] if CORPUS in paths else []

    def fingerprint(self, run: Run, piece: Slice) -> str:
        """Its settings and the versions of its tables. Raises InputError for one that is not there."""
        settings = _named(run, piece)
        versions = [version_of(run, examples) for examples in settings.training.examples]
        return "\n".join([settings.model_dump_json(), *versions])

    def work(self, run: Run, piece: Slice) -> int:
        """Train, evaluate, store. Gives the number of examples trained on. Raises TooLittleInputError, ConfigError."""
        settings = _named(run, piece)
        training = settings.training
        with tempfile.TemporaryDirectory() as folder:
            examples = read_examples(run, training)
            check_labels(settings.name, training.label_set, (row[0] for row in examples.select("label").distinct().toLocalIterator()))
            learned, held = split_examples(examples, training, Path(folder))
            made, about = _trainer(settings.kind)(settings, learned, Path(folder))
            scorer = open_scorer(settings, made)
            labels, found = [], []
            for block in held.blocks():
                labels += true_labels(settings, block.column("label").to_pylist())
                found.append(scorer.score(block.column("text"), pa.nulls(block.num_rows, pa.string())))
            measures = evaluate(labels, pa.concat_arrays(found))
            tables = [{"path": table.path, "version": version_of(run, table)} for table in training.examples]
            store_model(run.store.files, settings, made, {**about, "examples": tables, "trained_on": learned.rows, "held_out": measures})
        for label, of in measures["labels"].items():
            run.say(f"{self.name}: {settings.name}  {label}: precision {of['precision']:.3f}, recall {of['recall']:.3f}, F1 {of['f1']:.3f}")
        kept = ", ".join(f"{float(share):.0%} >= {score:.4f}" for share, score in measures["kept"].items())
        run.say(f"{self.name}: {settings.name}  of {measures['examples']:,} held-out examples the best {kept}")
        return learned.rows


def trained(scores: Scores) -> list[ClassifierSettings]:
    """The scores whose model this job makes."""
    return [s for s in scores if isinstance(s, ClassifierSettings) and s.training.examples and not s.model]


def _named(run: Run, piece: Slice) -> ClassifierSettings:
    return next(settings for settings in trained(run.config.scores) if settings.name == piece.snapshot)


def _trainer(kind: str) -> Trainer:
    module, _, function = _TRAINED_BY[kind].rpartition(".")
    found: Trainer = getattr(importlib.import_module(module), function)
    return found
