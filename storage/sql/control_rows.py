"""A pause, halt or resume and its row, both ways."""

from ...domain.model.identity import Side
from ...domain.stopping.control import Control, ControlKind, Scope
from .monitor_rows import Row, Values


def control_row(control: Control) -> Values:
    """The row of a control; the database numbers it."""
    return {
        "kind": control.kind.value,
        "account": control.scope.account,
        "symbol": control.scope.symbol,
        "side": control.scope.side.value if control.scope.side else "",
        "asked_at": control.at,
        "asked_by": control.by,
        "reason": control.reason,
        "ended_by": control.ended_by,
        "acknowledged_at": control.acknowledged_at,
        "share": control.share,
        "cycle": control.cycle,
    }


def control_of(row: Row) -> Control:
    """The control of its row."""
    return Control(
        kind=ControlKind(row.kind),
        scope=Scope(row.account, row.symbol, Side(row.side) if row.side else None),
        at=row.asked_at,
        by=row.asked_by,
        reason=row.reason,
        number=row.number,
        ended_by=row.ended_by,
        acknowledged_at=row.acknowledged_at,
        share=row.share,
        cycle=row.cycle,
    )
