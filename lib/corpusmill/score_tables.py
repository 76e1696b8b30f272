"""The tables of later families: `signals_<name>` for each score of the recipe, a struct of signals a document."""

from functools import cache

from corpusmill.settings import Scores, ScoreSettings
from corpusmill.signals.scored import scored_struct
from corpusmill.table import Column
from corpusmill.tables import PerDocument, Table, declare


class ScoreTable(PerDocument):
    """What a model says of each document that no rule above the first one on it gave a reason against."""

    name = "signals_"
    text_digest = declare("binary", "sha256 of the stored text in UTF-8")
    model = declare("string", "sha256 of the model")


@cache
def score_table(settings: ScoreSettings) -> type[ScoreTable]:
    """The table of one score: ScoreTable's columns, then the struct, named as the score is."""
    struct = scored_struct(settings)
    column = Column(struct.name, struct.ddl(), struct.doc)
    body = {"__doc__": ScoreTable.__doc__, "name": f"signals_{struct.name}", struct.name: column}
    made: type[ScoreTable] = type(f"ScoreTable_{struct.name}", (ScoreTable,), body)
    return made


def score_tables(scores: Scores) -> list[type[Table]]:
    """Those of all scores, in the recipe's order."""
    return [score_table(settings) for settings in scores]
