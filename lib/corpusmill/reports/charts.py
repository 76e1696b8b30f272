"""Drawings for the report as inline SVG, coloured by the page's own style sheet: funnel bars, cluster sizes, the loss curve, calibration."""

from collections.abc import Sequence
from html import escape
from math import ceil, log10

_WIDTH, _HEIGHT = 860, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 14, 14, 34
_NAMES = 20
"""Columns that have room for five characters below them."""
_SQUARE = 240
"""Side of the calibration plot's field."""


def loss_curve(points: Sequence[tuple[int, float]]) -> str:
    """(step, loss in nats a token) as a line, with a tick for every quarter of both axes."""
    steps, losses = [step for step, _ in points], [loss for _, loss in points]
    low, high = min(losses), max(losses)
    first, last = steps[0], steps[-1]
    inner_width, inner_height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def place(step: float, loss: float) -> tuple[float, float]:
        x = _LEFT + inner_width * (step - first) / max(last - first, 1)
        return x, _TOP + inner_height * (1 - (loss - low) / max(high - low, 1e-9))

    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(step, loss) for step, loss in points))
    ticks = []
    for quarter in range(5):
        step, loss = first + (last - first) * quarter / 4, low + (high - low) * quarter / 4
        x, y = place(step, loss)
        ticks.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        ticks.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{loss:.2f}</text>')
        ticks.append(f'<text x="{x:.1f}" y="{_HEIGHT - 12}" text-anchor="middle">{step:,.0f}</text>')
    label = f"Loss from {losses[0]:.2f} at step {first} to {losses[-1]:.2f} at step {last}"
    return _svg(_HEIGHT, label, "".join(ticks) + f'<polyline class="curve" points="{path}"/>')


def funnel_bars(rows: Sequence[tuple[str, int, str]]) -> str:
    """(name, documents, class) as horizontal bars to one scale, longest possible bar = the first row."""
    most = max((count for _, count, _ in rows), default=0) or 1
    row_height, name_width, count_width = 24, 250, 90
    space = _WIDTH - name_width - count_width
    parts = []
    for number, (name, count, kind) in enumerate(rows):
        y = number * row_height + 4
        width = max(space * count / most, 1.5 if count else 0)
        parts.append(f'<text x="{name_width - 10}" y="{y + 13}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<rect class="{escape(kind)}" x="{name_width}" y="{y}" width="{width:.1f}" height="16" rx="2"/>')
        parts.append(f'<text x="{name_width + width + 8:.1f}" y="{y + 13}">{count:,}</text>')
    return _svg(len(rows) * row_height + 8, "Documents by first reason", "".join(parts))


def size_columns(bins: Sequence[tuple[str, int]]) -> str:
    """(least size, clusters) as columns whose heights are logarithms: a column of one cluster has a height, and powers of ten are lines."""
    decades = max(ceil(log10(max((count for _, count in bins), default=0) or 1)), 1)
    inner_height, bottom = _HEIGHT - _TOP - _BOTTOM, _HEIGHT - _BOTTOM
    step = min((_WIDTH - _LEFT - _RIGHT) / max(len(bins), 1), 110)
    # One cluster stands a fifth of a decade high, where its logarithm is none.
    foot = 0.2
    unit = inner_height / (decades + foot)
    named = ceil(len(bins) / _NAMES)
    parts = []
    for decade in range(decades + 1):
        y = bottom - unit * (decade + foot)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_short(10**decade)}</text>')
    for number, (name, count) in enumerate(bins):
        x, height = _LEFT + step * number, unit * (log10(count) + foot) if count else 0
        parts.append(
            f'<rect class="removed" x="{x + step * 0.15:.1f}" y="{bottom - height:.1f}" width="{step * 0.7:.1f}" height="{height:.1f}">'
        )
        parts.append(f"<title>{escape(name)} documents and more: {count:,} clusters</title></rect>")
        if number % named == 0:
            parts.append(f'<text x="{x + step / 2:.1f}" y="{_HEIGHT - 12}" text-anchor="middle">{escape(name)}</text>')
    return _svg(_HEIGHT, "Clusters by their number of documents", "".join(parts))


def _short(number: int) -> str:
    """A power of ten in up to four characters: 100, 1k, 10M."""
    for factor, letter in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if number >= factor:
            return f"{number // factor}{letter}"
    return str(number)


def calibration_plot(bins: Sequence[tuple[float, float, int]]) -> str:
    """(mean probability, share that is right, examples) as circles of an area by their examples, beside the line where both are equal."""
    most = max((examples for _, _, examples in bins), default=0) or 1
    left, bottom = _LEFT, _TOP + _SQUARE
    parts = [f'<line class="diagonal" x1="{left}" y1="{bottom}" x2="{left + _SQUARE}" y2="{_TOP}"/>']
    for quarter in range(5):
        at, text = _SQUARE * quarter / 4, f"{quarter / 4:.2f}"
        parts.append(f'<line class="grid" x1="{left}" x2="{left + _SQUARE}" y1="{bottom - at}" y2="{bottom - at}"/>')
        parts.append(f'<text x="{left - 8}" y="{bottom - at + 4}" text-anchor="end">{text}</text>')
        parts.append(f'<text x="{left + at}" y="{bottom + 20}" text-anchor="middle">{text}</text>')
    for probability, right, examples in bins:
        x, y, radius = left + _SQUARE * probability, bottom - _SQUARE * right, max(9 * (examples / most) ** 0.5, 2)
        title = f"<title>probability {probability:.2f}, right {right:.2f}, {examples:,} examples</title>"
        parts.append(f'<circle class="all" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">{title}</circle>')
    parts.append(f'<text x="{left + _SQUARE / 2}" y="{bottom + 40}" text-anchor="middle">probability</text>')
    middle = _TOP + _SQUARE / 2
    parts.append(f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">share that is right</text>')
    return _svg(bottom + 48, "Share of right labels by probability", "".join(parts), left + _SQUARE + 24, "plot")


def _svg(height: int, label: str, inner: str, width: int = _WIDTH, kind: str = "") -> str:
    return f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">{inner}</svg>'
