"""Sets of labels that classifiers of a published design have, and the check that examples keep to them."""

from collections.abc import Iterable

from corpusmill.errors import ConfigError
from corpusmill.nearest import nearest

LABEL_SETS = {
    "llama3_syne_en": (
        "Mathematics and Physics",
        "Computer Science and Engineering",
        "Biology and Chemistry",
        "History and Geography",
        "Law and Policy",
        "Philosophy and Logic",
        "Economics and Business",
        "Psychology and Sociology",
        "Security and International Relations",
        "Medicine and Health",
        "Others",
    ),
    "llama3_syne_zh": (
        "Biology and Chemistry",
        "Computer Science and Engineering",
        "Economics and Business",
        "History and Geography",
        "Law and Policy",
        "Mathematics and Physics",
        "Medicine and Health",
        "Philosophy Arts and Culture",
        "Project and Practical Management",
        "Psychology Sociology and Education",
        "Others",
    ),
}
"""By ClassifierTrainingSettings.label_set: the topics by which Llama-3-SynE mixes its English and its Chinese web pages (arXiv 2407.18743)."""


def check_labels(name: str, label_set: str, labels: Iterable[str]) -> None:
    """Raises ConfigError for the first label, by name, that is none of the set's; an empty `label_set` takes any."""
    if not label_set:
        return
    known = LABEL_SETS[label_set]
    for label in sorted(set(labels) - set(known)):
        raise ConfigError(f"scores: {name}: the examples have the label {label!r}, which {label_set} has not; {nearest(label, known)}")
