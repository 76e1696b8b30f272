"""Words as they are put together from pieces."""

from dataclasses import dataclass, field

_WIDTHS = ("", " ", "\n", "\n\n")


@dataclass(slots=True)
class Prose:
    """Words with one gap between two: nothing, a space, a line end or an empty line."""

    parts: list[str] = field(default_factory=list)
    gap: str = ""

    def add(self, text: str) -> None:
        """Put text after the gap."""
        if self.parts:
            self.parts.append(self.gap)
        self.gap = ""
        self.parts.append(text)

    def part(self, gap: str) -> None:
        """Make the gap at least this wide."""
        if _WIDTHS.index(gap) > _WIDTHS.index(self.gap):
            self.gap = gap

    def close(self) -> None:
        """Take a space back, where the gap is one."""
        if self.gap == " ":
            self.gap = ""

    def __str__(self) -> str:
        return "".join(self.parts)
