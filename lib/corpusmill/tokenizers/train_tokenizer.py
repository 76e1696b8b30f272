"""Makes the tokenizer that the corpus is encoded with: trained on a sample of it, or a model file that the user brings."""

import hashlib
from collections.abc import Iterator, Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from corpusmill.errors import ConfigError, TooLittleInputError
from corpusmill.files import read_file
from corpusmill.job import Input, Job, Run
from corpusmill.settings import Config, Settings
from corpusmill.slices import EVERYTHING, Slice
from corpusmill.tables import Corpus
from corpusmill.tokenizers.current import write_current
from corpusmill.tokenizers.training import describe, lost, require_lossless, train

MINIMUM_CHARACTERS = 10_000
"""Of fewer, BPE learns the words by heart; the tokens would be of no use for other text."""
_PUBLISH = "publish_corpus"
_HASHES = 1_000_000


class TrainTokenizer(Job):
    """One slice over everything: all domains share a vocabulary. With tokenizer.model set the corpus is not read."""

    name = "train_tokenizer"
    after = "publish_corpus"

    def check(self, config: Config) -> None:
        """Whether a given model's file is there."""
        if config.tokenizer.model:
            read_file(config.tokenizer.model)

    def settings(self, run: Run) -> dict[str, Settings | str]:
        """How the model is made."""
        return {"tokenizer": run.config.tokenizer}

    def slices(self, run: Run) -> Sequence[Slice]:
        """Everything."""
        return (EVERYTHING,)

    def inputs(self, run: Run, piece: Slice) -> Sequence[Input]:
        """Every published chunk; none for a given model, which stays as it is when the corpus grows."""
        return () if run.config.tokenizer.model else [Input(_PUBLISH, chunk) for chunk in run.ledger.slices(_PUBLISH)]

    def fingerprint(self, run: Run, piece: Slice) -> str:
        """The given model's content. Raises InputError where there is no such file."""
        given = run.config.tokenizer.model
        return hashlib.sha256(read_file(given)).hexdigest() if given else ""

    def work(self, run: Run, piece: Slice) -> int:
        """Store the model file and make it the current one. Returns its ids. Raises TooLittleInputError, ConfigError."""
        settings = run.config.tokenizer
        if settings.model:
            model = read_file(settings.model)
            if wrong := lost(model):
                run.say(f"{self.name}: {settings.model} does not give back some text, for example {wrong[0]!a}")
        else:
            model = train(_sample(run), settings)
            require_lossless(model)
        tokenizer = describe(model, settings)
        if not settings.model and tokenizer.vocab_size < settings.vocab_size:
            run.say(
                f"{self.name}: the corpus supports {tokenizer.vocab_size:,} of the {settings.vocab_size:,} pieces of tokenizer.vocab_size"
            )
        write_current(run.store.files, model, tokenizer)
        return tokenizer.vocab_size


def _sample(run: Run) -> Iterator[str]:
    """Texts of about tokenizer.sample_characters, a document in or out by a hash of its id, streamed to the driver."""
    corpus = run.store.read(Corpus)
    total = corpus.agg(F.sum(Corpus.characters)).first()
    characters = int(total[0] or 0) if total else 0
    if characters < MINIMUM_CHARACTERS:
        raise TooLittleInputError(
            f"the corpus has {characters:,} characters, a tokenizer needs {MINIMUM_CHARACTERS:,}: "
            "ingest more, loosen the recipe, or set tokenizer.model"
        )
    share = min(1.0, run.config.tokenizer.sample_characters / characters)
    chosen = sample(corpus, share)
    if not chosen.take(1):
        raise ConfigError(
            f"tokenizer.sample_characters={run.config.tokenizer.sample_characters:,} chooses none of the corpus's documents: raise it"
        )
    return (str(row[0]) for row in chosen.toLocalIterator())


def sample(corpus: DataFrame, share: float) -> DataFrame:
    """The texts of a share of the documents; which ones depends on their ids alone, and a smaller share is part of a larger one."""
    chosen = F.pmod(F.xxhash64(F.col(Corpus.doc_id)), F.lit(_HASHES)) < F.lit(int(share * _HASHES))
    return corpus.where(chosen).select(Corpus.text)
