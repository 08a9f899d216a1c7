"""``trueup simulator``: a Bybit on this machine, for trying things out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from ...domain.model.errors import ConfigurationError
from ...domain.model.instrument import plain
from ...simulator import Simulator, scenarios
from ...simulator.scenarios import says
from ..base.stopping import Control
from .comparison import compare
from .configuration import check_writable, configuration_for, exports_for, write_configuration
from .market import set_in_motion
from .opening import open_scenario

if TYPE_CHECKING:
    from ...simulator import SimulatorServer

_START = "start"


def simulator(  # noqa: PLR0913 - the command has this many options
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario",
            metavar="NAME|FILE",
            help="Contracts, accounts, positions, orders: one that ships, or a file.",
        ),
    ] = _START,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where to listen; 0 picks a free port.")
    ] = 0,
    market: Annotated[
        str | None,
        typer.Option(
            "--market",
            metavar="random-walk|FILE",
            help="Let prices move: by chance, or as a CSV file says.",
        ),
    ] = None,
    speed: Annotated[
        str | None,
        typer.Option("--speed", metavar="N", help="How many times as fast they move."),
    ] = None,
    seed: Annotated[
        str | None, typer.Option("--seed", help="The same seed gives the same random walk.")
    ] = None,
    toml: Annotated[
        Path | None,
        typer.Option(
            "--toml", metavar="FILE", help="Write the configuration there, not on the screen."
        ),
    ] = None,
    *,
    check: Annotated[
        str | None,
        typer.Option(
            "--check", metavar="URL", help="Compare another exchange with the simulator, and exit."
        ),
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="Name the scenarios that ship, and exit.")
    ] = False,
) -> None:
    """Serve a simulated Bybit on 127.0.0.1 until Ctrl-C.

    Ctrl-C ends it with exit code 0.

    Without a scenario there are a main and a mirror account with money, and some contracts. It
    prints its URL, the accounts' keys, and a trueup.toml that works with them as it is. With --toml
    that file is whole, and the server answers, before the first line is printed.

    With --check it serves nothing: it compares what an address that speaks Bybit's API does with
    what the simulator does, and exits with 1 where they differ. With BYBIT_API_KEY and
    BYBIT_API_SECRET in the environment it also reads as their owner, and on this machine, testnet
    and demo it sends orders, far below the market, and cancels them.
    """
    if check is not None:
        raise typer.Exit(compare(check))
    if listed:
        for name, path in scenarios().items():
            typer.echo(f"{name}: {says(path)}")
        return
    sim = open_scenario(scenario)
    set_in_motion(sim, market, speed, seed)
    if toml is not None:
        check_writable(sim, toml)
    with _serving(sim, port) as server, Control() as control, control.on_signals():
        if toml is not None:
            write_configuration(toml, configuration_for(sim, server.url))
        typer.echo(f"{server.url}  (open it in a browser to look at it; Ctrl-C stops it)")
        for uid in sim.accounts:
            typer.echo(f"account {uid}: {_holdings(sim, uid)}")
        _show_configuration(sim, server.url, toml)
        control.next()
    typer.echo("stopped")


def _show_configuration(sim: Simulator, url: str, file: Path | None) -> None:
    """The keys as a shell takes them, and the configuration, on the screen or in a file."""
    if not sim.accounts:
        return
    typer.echo(f"\n{exports_for(sim)}")
    if file is None:
        typer.echo(f"\n{configuration_for(sim, url)}", nl=False)
    else:
        typer.echo(f"\n{file} is written: trueup run --config {quote(str(file))}")


@contextmanager
def _serving(sim: Simulator, port: int) -> Iterator["SimulatorServer"]:
    """The server at work."""
    from ...simulator import SimulatorServer  # noqa: PLC0415 - --list and --check need no server

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
