"""The wall clock is for records, signatures and the calendar, never for durations (P13)."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.docs.pages import ROOT

FLOORS = ("states", "engine", "adapters/bybit")

RECORD = "a record: when something happened, for people and for the journal"
STORED = "a stored time is held against it, by the functions of stored_time or of the contest"
CALENDAR = "the calendar: when a key or a contract expires, or how old what is asked for is"
SIGNED = "what a signature or a link id carries"

REASONS = {
    "adapters/bybit/limits/ip_limiter.py:time_in": RECORD,
    "adapters/bybit/rest/finder.py:_unknown": RECORD,
    "adapters/bybit/rest/instruments.py:_read_list": RECORD,
    "adapters/bybit/rest/instruments.py:get": CALENDAR,
    "adapters/bybit/rest/reader.py:_read": RECORD,
    "adapters/bybit/rest/reader.py:open_positions": RECORD,
    "adapters/bybit/rest/trades.py:since": CALENDAR,
    "adapters/bybit/wire/clock.py:now": RECORD,
    "engine/control/controlled.py:_ask": RECORD,
    "engine/control/stops.py:pause": RECORD,
    "engine/control/stops.py:refresh": RECORD,
    "engine/control/stops.py:settled": RECORD,
    "engine/keys/gate.py:_judge": CALENDAR,
    "engine/keys/gate.py:_keep": CALENDAR,
    "engine/live/account.py:_note_life": RECORD,
    "engine/live/exchange.py:_read": RECORD,
    "engine/loop/engine_log.py:started": RECORD,
    "engine/loop/engine_log.py:stopped": RECORD,
    "engine/loop/parts.py:moment_of": STORED,
    "engine/loop/positions_sweep.py:_read": RECORD,
    "engine/loop/sweep_job.py:_sweep": RECORD,
    "engine/loop/callbacks.py:_say": RECORD,
    "engine/loop/unwatched.py:_put": RECORD,
    "engine/loop/upkeep.py:swept": CALENDAR,
    "engine/jobs/watchdog.py:_say": RECORD,
    "engine/outbox/backlog.py:_give": RECORD,
    "engine/outbox/courier.py:_add_new": STORED,
    "engine/outbox/outbox.py:_add": RECORD,
    "engine/outbox/outbox.py:_watch_sinks": RECORD,
    "engine/recording/recording.py:__init__": RECORD,
    "engine/recording/recording.py:_note": RECORD,
    "engine/recording/recording.py:now": RECORD,
    "engine/run/factory.py:_recorded": RECORD,
    "engine/run/outage.py:_alert": RECORD,
    "engine/run/stepper.py:_note": RECORD,
    "engine/run/stepper.py:_record_step": RECORD,
    "engine/closes.py:close_position": RECORD,
    "engine/control/stops.py:note_taken": RECORD,
    "states/closing/deciding.py:_begin": RECORD,
    "states/closing/deciding.py:read_for_closes": STORED,
    "states/recovering.py:_from_live": RECORD,
    "states/protection/entries.py:_age": STORED,
    "states/protection/entries.py:_announce": RECORD,
    "states/protection/entries.py:settle_entry": RECORD,
    "states/protection/cancelling.py:_put": RECORD,
    "states/work/close/requests.py:announce_close": RECORD,
    "states/work/close/requests.py:settle_close": RECORD,
    "states/work/close/requests.py:_age": STORED,
    "states/recovering.py:_from_main": RECORD,
    "states/ending/protecting.py:conclude_stop": RECORD,
    "states/protection/deciding.py:_intent": RECORD,
    "states/protection/deciding.py:_new_order": SIGNED,
    "states/protection/sending.py:_end": RECORD,
    "states/protection/settling.py:settle_stop": RECORD,
    "states/protection/searching.py:_note_effects": RECORD,
    "engine/loop/unwatched.py:_give": RECORD,
    "states/protection/settling.py:age": STORED,
    "states/work/calls.py:_sent": RECORD,
    "states/work/calls.py:price_range": RECORD,
    "adapters/bybit/rest/prices.py:range": CALENDAR,
    "states/work/calls.py:executions": RECORD,
    "states/work/calls.py:look_up": RECORD,
    "states/work/calls.py:observe": RECORD,
    "states/ending/conclusion.py:_note_the_end": CALENDAR,
    "states/ending/conclusion.py:alert_of": RECORD,
    "states/ending/conclusion.py:conclude": RECORD,
    "states/ending/conclusion.py:_next_try": RECORD,
    "states/work/confirmation.py:confirm": RECORD,
    "states/work/continuity.py:_evidence": STORED,
    "states/ending/events.py:report_events": RECORD,
    "states/work/intents.py:_intent": RECORD,
    "states/work/intents.py:_new_link_id": SIGNED,
    "states/work/pace.py:may_touch_orders": STORED,
    "states/work/pace.py:next_repair_or_end": STORED,
    "states/work/pace.py:paced": STORED,
    "states/work/pace.py:why_waiting": STORED,
    "states/work/run.py:_age_now": STORED,
    "states/work/run.py:decide": RECORD,
    "states/work/run.py:settle": RECORD,
    "states/work/snapshot.py:_unknown": RECORD,
    "states/work/snapshot.py:_update_orders": RECORD,
}
"""Every function that asks the wall clock, with the reason."""


def _functions(path: Path) -> Iterator[tuple[str, ast.AST]]:
    name = path.relative_to(ROOT).as_posix()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield f"{name}:{node.name}", node


def _asks(node: ast.AST) -> bool:
    """Whether it is ``clock.now()``, ``datetime.now(…)`` or ``time.time()``."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    return node.func.attr == "now" or ast.unparse(node.func) == "time.time"


def _of_the_floors() -> dict[str, ast.AST]:
    found: dict[str, ast.AST] = {}
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            found |= dict(_functions(path))
    return found


def test_every_question_to_the_wall_clock_has_its_reason() -> None:
    asking = {name for name, node in _of_the_floors().items() if any(map(_asks, ast.walk(node)))}
    assert asking == REASONS.keys()


def test_nothing_is_subtracted_from_what_it_shows() -> None:
    durations = {name for name, reason in REASONS.items() if reason is not CALENDAR}
    floors = _of_the_floors()
    subtracting = [name for name in floors if name in durations and _subtracts(floors[name])]
    assert subtracting == []


def _subtracts(function: ast.AST) -> bool:
    shown = {
        target.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and _asks(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    operands = (
        operand
        for node in ast.walk(function)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
        for operand in (node.left, node.right)
    )
    return any(
        (isinstance(part, ast.Name) and part.id in shown) or _asks(part)
        for operand in operands
        for part in ast.walk(operand)
    )
