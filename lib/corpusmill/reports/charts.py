"""Drawings for the report as inline SVG, coloured by the page's own style sheet: funnel bars and the loss curve."""

from collections.abc import Sequence
from html import escape

_WIDTH, _HEIGHT = 860, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 14, 14, 34


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


def _svg(height: int, label: str, inner: str) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(label)}">{inner}</svg>'
