"""A soak of some seconds: real threads, sockets and streams, and every promise at its end."""

from chaos.soak import soak

SECONDS = 4.0


def test_some_seconds_of_a_soak_hold() -> None:
    lines: list[str] = []
    result = soak(SECONDS / 60, 3, lines.append, pace_s=0.03)
    assert result.findings == ()
    counts = result.counts
    assert counts["entries filled"] > 10
    assert counts["runs by stream"] > 5
    assert counts["streams opened"] >= 3
    assert any(name.startswith(("stream ", "request ")) for name in counts)
    assert counts["alerts"] > 5
    assert any("at rest after" in line for line in lines)
    assert any(line.startswith("fills: ") for line in result.lines)
