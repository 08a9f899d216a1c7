"""The simulator's methods over JSON, for tests and demos in another process.

`POST /control/<name>` calls the method of that name with a JSON object of arguments, in which
numbers are text. `GET /control/<name>` shows what happened; see `queries`. Requests need no
signature, because the server accepts them from this machine only.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..base.arguments import arguments
from ..base.behaviour import Behaviour
from ..base.bounds import MOST_MS, above_zero, one_of, within
from ..base.decimals import plain
from ..base.errors import ApiError, words_of
from ..base.faults import Fault
from ..base.reading import json_object
from ..base.stream_faults import StreamFault, StreamFaultKind
from ..core.exchange import Simulator
from ..market.instruments import PHASES, STATUSES, InstrumentSpec
from .queries import Queries

HTTP_OK, HTTP_BAD, HTTP_NOT_FOUND = 200, 400, 404


def switches(values: Mapping[str, Any], base: Behaviour | None = None) -> Behaviour:
    """Read switches from JSON or TOML values; the others keep their values of the base.

    Raises:
        TypeError: there is no such switch.
        ValueError: a switch does not have such a value.
    """
    return replace(base or Behaviour(), **arguments(Behaviour, values))


def fault_of(values: Mapping[str, Any]) -> Fault | StreamFault:
    """Read a request fault or a stream fault, depending on its kind, from JSON or TOML values.

    Raises:
        TypeError: there is no such field, or the kind is missing.
        ValueError: a field does not have such a value.
    """
    if values.get("kind") in list(StreamFaultKind):
        return StreamFault(**arguments(StreamFault, values))
    return request_fault_of(values)


def request_fault_of(values: Mapping[str, Any]) -> Fault:
    """Read a request fault from JSON or TOML values.

    Raises:
        TypeError: there is no such field, or the kind is missing.
        ValueError: a field does not have such a value.
    """
    return Fault(**arguments(Fault, values))


def list_instrument(sim: Simulator, values: Mapping[str, Any]) -> None:
    """List a contract from JSON or TOML values: the fields of `InstrumentSpec`, and its prices.

    These are `price`, and `mark_price` and `index_price` where they differ from it.

    Raises:
        TypeError: there is no such field, or one is missing.
        ValueError: a field does not have such a value.
    """
    figures = dict(values)
    price = figures.pop("price", None)
    apart = {
        move: figures.pop(name)
        for name, move in (
            ("mark_price", sim.set_mark_price),
            ("index_price", sim.set_index_price),
        )
        if name in figures
    }
    for name in ("mark_price", "index_price"):
        if values.get(name) is not None:
            above_zero(name, values[name])
    spec = InstrumentSpec(**arguments(InstrumentSpec, figures))
    listed = {"spec": spec} if price is None else {"spec": spec, "price": price}
    check_status(spec.status, spec.phase)
    sim.add_instrument(**arguments(sim.add_instrument, listed))
    for move, at in apart.items():
        move(**arguments(move, {"symbol": spec.symbol, "price": at}))


def check_status(status: str, phase: str) -> None:
    """Refuse a contract's status or phase that is misspelt.

    Python code may give one that a newer Bybit would have; here it is refused.

    Raises:
        ValueError: the simulator does not know it.
    """
    one_of("status", status, STATUSES)
    one_of("phase", phase, PHASES)


class Control:
    """Calls the simulator's methods by name, independent of the transport."""

    def __init__(self, sim: Simulator) -> None:
        self._sim = sim
        self._queries = Queries(sim)
        self._commands: Mapping[str, Callable[..., Any]] = {
            "add_account": sim.add_account,
            "add_key": sim.add_key,
            "add_instrument": self._add_instrument,
            "set_instrument_status": self._set_instrument_status,
            "deliver": sim.deliver,
            "switch_mode": sim.switch_mode,
            "set_price": sim.set_price,
            "backdate": sim.backdate,
            "set_mark_price": sim.set_mark_price,
            "set_index_price": sim.set_index_price,
            "open_position": sim.open_position,
            "set_position": sim.set_position,
            "liquidate": sim.liquidate,
            "deleverage": sim.deleverage,
            "place_entry": sim.place_entry,
            "place_order": sim.place_order,
            "record_order": sim.record_order,
            "fill": sim.fill,
            "trade": sim.trade,
            "cancel_by_hand": sim.cancel_by_hand,
            "show_order_as": sim.show_order_as,
            "restart": sim.restart,
            "advance": self._advance,
            "behaviour": self._behaviour,
            "inject": self._inject,
            "schedule": self._schedule,
            "clear_faults": sim.clear_faults,
        }

    def post(self, name: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Run a command; returns an HTTP status and a JSON object with `result` or `error`."""
        command = self._commands.get(name)
        if command is None:
            return HTTP_NOT_FOUND, {"error": f"no command {name}", "commands": [*self._commands]}
        try:
            given = json_object(body or b"{}", Decimal)
            result = command(**arguments(command, given))
        except ApiError as error:
            return HTTP_BAD, {"error": error.text, "retCode": error.code}
        except (LookupError, TypeError, ValueError) as error:
            return HTTP_BAD, {"error": words_of(error)}
        return HTTP_OK, {"result": plain(result) if isinstance(result, Decimal) else result}

    def get(self, name: str, given: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Answer a query; returns an HTTP status and a JSON object with `result` or `error`."""
        if name not in self._queries.names:
            return HTTP_NOT_FOUND, {"error": f"no query {name}", "queries": self._queries.names}
        try:
            return HTTP_OK, {"result": self._queries.get(name, given)}
        except (TypeError, ValueError) as error:
            return HTTP_BAD, {"error": str(error)}

    def _advance(self, ms: int) -> None:
        within("ms", ms, highest=MOST_MS)
        self._sim.clock.advance(ms)

    def _set_instrument_status(self, symbol: str, status: str, phase: str = "") -> None:
        check_status(status, phase)
        self._sim.set_instrument_status(symbol, status, phase)

    def _add_instrument(self, **values: Any) -> None:  # noqa: ANN401 - any plain value, checked where it arrives
        list_instrument(self._sim, values)

    def _behaviour(self, **values: Any) -> None:  # noqa: ANN401 - any plain value, checked where it arrives
        self._sim.behaviour = switches(values, self._sim.behaviour)

    def _inject(self, **values: Any) -> None:  # noqa: ANN401 - any plain value, checked where it arrives
        self._sim.inject(fault_of(values))

    def _schedule(self, entries: list[dict[str, Any] | None]) -> None:
        self._sim.schedule(
            *(None if entry is None else request_fault_of(entry) for entry in entries)
        )
