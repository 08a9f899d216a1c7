"""Monitors grouped by account: accounts run in parallel, the monitors of one in turn."""

from collections.abc import Iterable

from ...domain.model.identity import MonitorKey


def by_account(keys: Iterable[MonitorKey]) -> dict[str, list[MonitorKey]]:
    """The monitors of each account."""
    grouped: dict[str, list[MonitorKey]] = {}
    for key in keys:
        grouped.setdefault(key.account, []).append(key)
    return grouped
