"""Trains the recipe's language models, finds the cutoffs of their buckets, and makes them the current models."""

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pyspark.sql import DataFrame

from corpusmill.errors import ConfigError, TooLittleInputError
from corpusmill.job import Input, Job, Run
from corpusmill.scoring.examples import CORPUS, labelled_rows, sampled, split_examples, united, version_of
from corpusmill.scoring.kenlm_programs import find_program
from corpusmill.scoring.models import store_model
from corpusmill.scoring.perplexity_scorer import write_cutoffs
from corpusmill.scoring.perplexity_training import train_language
from corpusmill.scoring.scorer import require_packages
from corpusmill.settings import Config, LanguageTextsSettings, PerplexityScoreSettings, Scores, Settings
from corpusmill.slices import Slice
from corpusmill.tables import Corpus
from corpusmill.text.languages import UNKNOWN
from corpusmill.wording import counted

_PUBLISH = "publish_corpus"
_CODE = re.compile("[a-z]{2,3}")


class TrainPerplexity(Job):
    """A slice a score, named as it is. Those whose model is the user's folder are not trained."""

    name = "train_perplexity"

    def check(self, config: Config) -> None:
        """Whether there is anything to train, by programs and packages that are there."""
        scores = trained(config.scores)
        if not scores:
            raise ConfigError("nothing to train: give a score of kind perplexity training.texts")
        require_packages(scores)
        for settings in scores:
            if settings.training.head > settings.training.tail:
                raise ConfigError(f"scores: {settings.name}: training.head is above training.tail: they are percentiles, from low to high")
            for program in ("lmplz", "build_binary"):
                find_program(program, settings.training.programs)

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """None for all together: each slice has its own, in its fingerprint."""
        return {}

    def slices(self, run: Run) -> Sequence[Slice]:
        """One a score."""
        return [Slice(settings.name) for settings in trained(run.config.scores)]

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """The whole published corpus, where it is among the texts."""
        paths = [texts.path for texts in _named(run, piece).training.texts]
        return [Input(_PUBLISH, chunk) for chunk in run.ledger.slices(_PUBLISH)] if CORPUS in paths else []

    def fingerprint(self, run: Run, piece: Slice) -> str:
        """Its settings, but for those that change no model, and the versions of its tables. Raises InputError for one that is not there."""
        settings = _named(run, piece)
        versions = [version_of(run, texts) for texts in settings.training.texts]
        return "\n".join([settings.model_dump_json(exclude={"training": {"memory", "programs"}}), *versions])

    def work(self, run: Run, piece: Slice) -> int:
        """Train a language after the other, store all. Gives the texts learned from. Raises TooLittleInputError, ConfigError."""
        settings = _named(run, piece)
        training = settings.training
        frame = united([_texts(run, texts) for texts in training.texts])
        codes = training.languages or _frequent(run, settings, frame)
        cutoffs, rows = {}, {}
        with tempfile.TemporaryDirectory() as scratch:
            made = Path(scratch) / "model"
            made.mkdir()
            for code in codes:
                learned, held = split_examples(sampled(frame.where(frame.label == code), training), training, Path(scratch))
                cutoffs[code] = train_language(code, learned, held, training, made)
                rows[code] = learned.rows
                head, tail = cutoffs[code]
                run.say(
                    f"{self.name}: {settings.name}  {code}: {counted(learned.rows, 'text')}, head below {head:.1f}, tail from {tail:.1f}"
                )
            write_cutoffs(made, cutoffs)
            tables = [{"path": texts.path, "version": version_of(run, texts)} for texts in training.texts]
            store_model(run.store.files, settings, made, {"texts": tables, "trained_on": rows, "cutoffs": cutoffs})
        return sum(rows.values())


def trained(scores: Scores) -> list[PerplexityScoreSettings]:
    """The scores whose model this job makes."""
    return [s for s in scores if isinstance(s, PerplexityScoreSettings) and s.training.texts and not s.model]


def _named(run: Run, piece: Slice) -> PerplexityScoreSettings:
    return next(settings for settings in trained(run.config.scores) if settings.name == piece.snapshot)


def _frequent(run: Run, settings: PerplexityScoreSettings, frame: DataFrame) -> list[str]:
    """The languages that have texts enough. Raises TooLittleInputError for none, ConfigError for what is no code and so no file's name."""
    counts = {row[0]: row[1] for row in frame.groupBy("label").count().toLocalIterator()}
    codes = sorted(code for code, count in counts.items() if count >= settings.training.least and code != UNKNOWN)
    if not codes:
        raise TooLittleInputError(f"{settings.name}: no language has {settings.training.least:,} texts (training.least): give more")
    if wrong := [code for code in codes if not _CODE.fullmatch(code)]:
        raise ConfigError(f"scores: {settings.name}: {wrong[0]!r} is no ISO 639 code: name the right language_column or training.languages")
    if len(codes) < len(counts):
        run.say(f"{TrainPerplexity.name}: {settings.name}  {counted(len(counts) - len(codes), 'language')} passed over with fewer texts")
    return codes


def _texts(run: Run, texts: LanguageTextsSettings) -> DataFrame:
    """(text, label), the label being the language. Raises ConfigError where the settings do not say which."""
    column = texts.language_column or (str(Corpus.lang) if texts.path == CORPUS and not texts.language else "")
    if bool(texts.language) == bool(column):
        raise ConfigError(f"texts {texts.path}: give either language, for all rows, or language_column")
    return labelled_rows(run, texts, texts.language, column)
