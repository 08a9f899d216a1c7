"""The result of a soak."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SoakResult:
    """What a soak found and counted.

    Attributes:
        findings: what was broken; empty if all held.
        counts: how often things happened, by name.
        healthy_ms: milliseconds from a fill until the ladder was whole, for undisturbed fills.
    """

    findings: tuple[str, ...]
    counts: Counter[str]
    healthy_ms: tuple[float, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The result, line by line, for people."""
        lines = [f"{name}: {count}" for name, count in sorted(self.counts.items())]
        if self.healthy_ms:
            median, p99 = statistics.median(self.healthy_ms), _percentile(self.healthy_ms, 99)
            lines.append(
                f"fills on a healthy stream: {len(self.healthy_ms)}, ladder whole after "
                f"{median:.0f} ms (median), {p99:.0f} ms (p99)"
            )
        return (*lines, *(f"🔴 {finding}" for finding in self.findings))


def _percentile(values: Sequence[float], percent: int) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) * percent // 100, len(ranked) - 1)]
