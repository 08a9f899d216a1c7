"""``trueup simulator``: a Bybit on this machine, for trying things out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...domain.model.errors import ConfigurationError
from ...domain.model.instrument import plain
from ...simulator import ApiError, ClockKind, Simulator, load_scenario
from ..base.failures import one_line
from ..base.stopping import Control

if TYPE_CHECKING:
    from ...simulator import SimulatorServer

_EXTRA = ("starlette", "uvicorn")


def simulator(
    scenario: Annotated[
        Path,
        typer.Option("--scenario", metavar="FILE", help="Contracts, accounts, positions, orders."),
    ],
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where to listen; 0 picks a free port.")
    ] = 0,
) -> None:
    """Serve a simulated Bybit on 127.0.0.1 until Ctrl-C.

    Put its URL into the configuration as the accounts' environment, and the scenario's keys
    into the environment variables that the configuration names.
    """
    sim = _load(scenario)
    with _serving(sim, port) as server, Control() as control, control.on_signals():
        typer.echo(f"{server.url}  (Ctrl-C stops it)")
        for uid in sim.accounts:
            typer.echo(f"account {uid}: {_holdings(sim, uid)}")
        control.next()
    typer.echo("stopped")


def _load(scenario: Path) -> Simulator:
    try:
        return load_scenario(scenario, ClockKind.REAL)
    except OSError as error:
        raise ConfigurationError(f"{scenario}: it cannot be read: {error.strerror}") from None
    except (ApiError, ValueError, TypeError, LookupError, ArithmeticError) as error:
        reason = one_line(str(error))
        raise ConfigurationError(f"{scenario}: it is not a scenario: {reason}") from None


@contextmanager
def _serving(sim: Simulator, port: int) -> Iterator["SimulatorServer"]:
    """The server at work, imported only here: it needs the optional extra."""
    try:
        from ...simulator import SimulatorServer  # noqa: PLC0415 - see above
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise ConfigurationError(
            f"the simulator's server needs {error.name}: pip install 'trueup[simulator]'"
        ) from None
    server = SimulatorServer(sim, port)
    try:
        server.start()
    except OSError as error:
        raise ConfigurationError(f"--port {port}: {error.strerror}") from None
    try:
        yield server
    finally:
        server.stop()


def _holdings(sim: Simulator, uid: str) -> str:
    positions = (
        f"{position.symbol} {position.side} {plain(position.size)}"
        for position in sim.positions(uid)
    )
    return f"{', '.join(positions) or 'no position'}; {len(sim.orders(uid))} open orders"
