"""The numbers of a report as one JSON object, for programs."""

import json
from typing import Any

from corpusmill.reports.content import Content, Duplication, Model, Training


def _train(training: Training | None) -> dict[str, Any] | None:
    """Where training began and ended, or None where there was none."""
    if training is None:
        return None
    return {
        "backend": training.backend,
        "world_size": training.world_size,
        "steps": training.curve[-1][0] if training.curve else 0,
        "first_loss": training.curve[0][1] if training.curve else None,
        "last_loss": training.curve[-1][1] if training.curve else None,
    }


def _model(model: Model) -> dict[str, Any]:
    """`held_out` is null for a model that this package has not trained, `quantiles` empty where no document reached it."""
    return {
        "kind": model.kind,
        "tables": [{"path": path, "version": version} for path, version in model.tables],
        "trained_on": model.trained_on,
        "held_out": model.held_out,
        "documents": model.documents,
        "quantiles": {part.field: {f"{share:g}": value for share, value in part.quantiles} for part in model.distributions},
    }


def _duplication(found: Duplication | None) -> dict[str, Any] | None:
    """Counts and ids; null where find_duplicates has not run. A cluster counts its kept document."""
    if found is None:
        return None
    return {
        "removed": found.removed,
        "kinds": dict(found.kinds),
        "clusters": found.clusters,
        "sizes": [
            {"least": size.least, "most": 2 * size.least - 1, "clusters": size.clusters, "documents": size.documents}
            for size in found.sizes
        ],
        "biggest": [{"duplicate_of": cluster.duplicate_of, "documents": cluster.size} for cluster in found.biggest],
        "hosts": [{"host": host.name, "documents": host.documents, "removed": host.removed} for host in found.hosts],
        "threshold": found.threshold,
        "estimated_recall": found.recall,
    }


def summary_json(content: Content) -> str:
    """Keys as README names them; `train` is null where nothing was trained. Raises NotReadyError where counts do not add up."""
    content.check()
    summary = {
        "records": content.records,
        "documents": content.documents,
        "rejected_records": content.rejected_records,
        "by_reason": content.by_reason,
        "corpus_documents": content.corpus_documents,
        "corpus_characters": content.corpus_characters,
        "tokens": content.tokens,
        "shards": content.shards,
        "duplication": _duplication(content.duplication),
        "models": {model.name: _model(model) for model in content.models},
        "train": _train(content.training),
        "seconds": dict(content.seconds),
    }
    return json.dumps(summary, indent=2, ensure_ascii=False) + "\n"
