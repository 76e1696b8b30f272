"""Why a document is out, in one sentence, where rules look at scores."""

import pyarrow as pa
import pytest
from corpusmill.reports.reasoning import Evidence, explain
from corpusmill.settings import Config
from corpusmill.signals.scored import scored_struct

JUDGED = Config.model_validate(
    {
        "rules": [
            {"reason": "short", "signal": "counts.words", "min": 10},
            {"reason": "low", "signal": "edu.score", "min": 3.0, "when": {"signal": "edu.label", "in": ["1", "2"]}},
            {"reason": "topic", "signal": "edu.label", "in": ["4"]},
        ],
        "scores": [{"kind": "embedding", "name": "edu"}],
    }
)


@pytest.mark.parametrize(
    ("reason", "similarity", "why"),
    [
        ("exact_duplicate", 1.0, "the same text"),
        ("near_duplicate", 0.8765, "similarity 0.88 to a document that is kept"),
        ("semantic_duplicate", 0.99421, "cosine 0.994 to a document that is kept"),
        ("url_duplicate", None, "the same page, by its URL"),
    ],
)
def test_each_kind_of_duplicate_says_what_is_the_same(reason, similarity, why):
    found = Evidence(JUDGED, pa.table({}), {("s", "d"): {"similarity": similarity}}, {})
    assert explain(reason, ("s", "d"), found) == why


def evidence(score):
    """One document of 12 words with a score, or None."""
    counts = pa.array([{"words": 12}], pa.struct([("words", pa.int64())]))
    edu = pa.array([score], scored_struct(JUDGED.scores[0]).arrow())
    return Evidence(JUDGED, pa.table({"snapshot": ["s"], "doc_id": ["d"], "counts": counts, "edu": edu}), {}, {})


@pytest.mark.parametrize(
    ("reason", "score", "why"),
    [
        (
            "low",
            {"label": "2", "probability": 0.5, "score": 2.25},
            "edu.score is 2.25, kept: edu.score >= 3 where edu.label in 1, 2",
        ),
        ("topic", {"label": "5", "probability": 0.5, "score": 5.25}, "edu.label is 5, kept: edu.label in 4"),
        ("unscored:edu", None, "score_documents has not scored it"),
    ],
)
def test_a_rule_on_a_score_shows_the_score(reason, score, why):
    assert explain(reason, ("s", "d"), evidence(score)) == why
