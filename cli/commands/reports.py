"""Reports of runs, as tables and as JSON."""

from collections.abc import Sequence
from typing import Any

from ...domain.model.instrument import plain
from ...domain.model.record import MonitorRecord
from ...engine.loop.sweep import Sweep
from ...engine.run.report import RunReport
from ..base.tables import show_table

_COLUMNS = ("account", "symbol", "side", "position", "covered", "outcome", "TPs")


def show_reports(reports: Sequence[RunReport]) -> None:
    """Prints one row per run; the last column is how many level parts came out, of how many."""
    show_table(_COLUMNS, (_row(report) for report in reports))


def size_and_cover(record: MonitorRecord) -> tuple[str, str]:
    """The position's size and the covered quantity, where the last run could read the position."""
    if record.position_known:
        return plain(record.position_size), plain(record.covered_with_runner)
    read_at = record.position_read_at
    last = plain(record.position_size)
    return unknown_size(last, None if read_at is None else read_at.isoformat()), "unknown"


def unknown_size(last: str, read_at: str | None) -> str:
    """The size of a position that could not be read, for people: what it was, and when."""
    return "unknown" if read_at is None else f"unknown (was {last} at {read_at})"


def report_document(report: RunReport) -> dict[str, Any]:
    """The run as JSON; quantities are strings, since they are exact."""
    return {
        "account": report.key.account,
        "symbol": report.key.symbol,
        "side": report.key.side.value,
        "run_id": report.run_id,
        "outcome": report.outcome.value,
        "position": plain(report.record.position_size) if report.record.position_known else None,
        "covered": plain(report.covered) if report.record.position_known else None,
        "processed": _processed(report),
        "changed": len(report.results),
        "writes": report.writes,
        "levels": [
            {
                "level": result.level,
                "part": result.part,
                "before": plain(result.before),
                "after": plain(result.after),
                "status": result.status.value,
                "reason": result.reason,
            }
            for result in report.results
        ],
        "alert": None if report.alert is None else report.alert.text,
        "next_try_at": report.record.next_try_at and report.record.next_try_at.isoformat(),
    }


def sweep_document(sweep: Sweep) -> dict[str, Any]:
    """The sweep as JSON."""
    return {
        "account": sweep.account,
        "at": sweep.at.isoformat(),
        "monitors": sweep.monitors,
        "drifted": {str(key): why for key, why in sweep.drifted.items()},
        "unreadable": sweep.unreadable or None,
        "unread": dict(sweep.unread),
    }


def _row(report: RunReport) -> tuple[str, ...]:
    return (
        report.key.account,
        report.key.symbol,
        report.key.side.value,
        *size_and_cover(report.record),
        report.outcome.value,
        f"{_processed(report)}/{len(report.results)}" if report.results else "–",
    )


def _processed(report: RunReport) -> int:
    return sum(result.is_processed for result in report.results)
