"""``trueup demo``: the main job, live, against a simulated exchange on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from ...domain.model.errors import ConfigurationError
from ..base.failures import one_line

DATABASE = Path("trueup-demo.db")


def demo(
    database: Annotated[
        Path,
        typer.Option(
            "--db",
            metavar="FILE",
            help="The demo's database; an old one is overwritten.",
        ),
    ] = DATABASE,
    *,
    fast: Annotated[bool, typer.Option("--fast", help="Do not pause for readers.")] = False,
) -> None:
    """Show a ladder brought back to its position.

    It also shows what goes wrong on the way: stale orders, a wiped record, 110072, 110001. It needs
    no account and no network: it serves a simulated exchange on 127.0.0.1 and talks to it through
    the real pybit. The database stays for you to inspect.
    """
    try:
        from .story import play  # noqa: PLC0415 - needs the optional extra
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"the demo needs {one_line(str(error.name))}: pip install 'trueup[simulator]'"
        ) from None
    for leftover in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
        leftover.unlink(missing_ok=True)
    play(database, pause=not fast)
