"""The report's page: a Content put into one self-contained HTML file."""

import json
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from corpusmill import __version__
from corpusmill.reports.charts import calibration_plot, funnel_bars, loss_curve, size_columns
from corpusmill.reports.content import Content, Duplication, Model

_KEPT, _REMOVED, _ALL = "kept", "removed", "all"


def report_html(content: Content) -> str:
    """The page as text. Raises NotReadyError where counts do not add up."""
    content.check()
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.filters["share"] = lambda part, whole: f"{part / whole:.1%}" if whole else "–"
    environment.filters["short"] = lambda value: f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    environment.filters["pretty"] = lambda text: json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    template = environment.from_string((files("corpusmill.reports") / "report.html.j2").read_text(encoding="utf-8"))
    funnel = Markup(funnel_bars(_funnel(content)))  # noqa: S704 - charts escape what they are given
    curve = Markup(loss_curve(content.training.curve)) if content.training and content.training.curve else None  # noqa: S704
    plots = {model.name: Markup(_calibration(model)) for model in content.models if model.held_out}  # noqa: S704
    sizes = Markup(_sizes(content.duplication)) if content.duplication and content.duplication.sizes else None  # noqa: S704
    return template.render(content=content, funnel=funnel, curve=curve, plots=plots, sizes=sizes, version=__version__)


def _sizes(found: Duplication) -> str:
    """Every power of two up to the largest, those without a cluster too: an axis has no holes."""
    counts = {size.least: size.clusters for size in found.sizes}
    powers = [2**k for k in range(1, max(counts).bit_length())]
    return size_columns([(_short(least), counts.get(least, 0)) for least in powers])


def _short(power: int) -> str:
    """A power of two in up to five characters: 512, 1Ki, 64Mi."""
    shift, letters = next(((shift, letters) for shift, letters in ((30, "Gi"), (20, "Mi"), (10, "Ki")) if power >> shift), (0, ""))
    return f"{power >> shift}{letters}"


def _calibration(model: Model) -> str:
    bins = (model.held_out or {})["calibration"]
    return calibration_plot([(part["probability"], part["right"], part["examples"]) for part in bins])


def _funnel(content: Content) -> list[tuple[str, int, str]]:
    removed = [(reason, count, _REMOVED) for reason, count in content.by_reason.items()]
    return [("documents", content.documents, _ALL), *removed, ("corpus", content.corpus_documents, _KEPT)]
