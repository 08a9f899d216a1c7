"""What every command to the engine can be given: what it names, and how it is asked for."""

from dataclasses import dataclass
from typing import Annotated

import typer

from ....domain.model.errors import ConfigurationError
from ....domain.model.identity import Side
from ....domain.stopping.control import EVERYTHING, Scope
from ....engine.control.person import this_person

OneAccount = Annotated[str, typer.Argument(help="The account.", show_default=False)]
OneSymbol = Annotated[str, typer.Argument(help="Such as BANDUSDT.", show_default=False)]
OneSide = Annotated[
    Side, typer.Argument(help="Of the position.", case_sensitive=False, show_default=False)
]
Account = Annotated[str, typer.Argument(help="The account.", show_default=False)]
Symbol = Annotated[
    str, typer.Argument(help="Such as BANDUSDT; all monitors without it.", show_default=False)
]
MaybeSide = Annotated[
    Side | None, typer.Argument(help="Of the position.", case_sensitive=False, show_default=False)
]
Everything = Annotated[bool, typer.Option("--all", help="All monitors of all accounts.")]
By = Annotated[str, typer.Option("--by", metavar="WHO", help="Who asks.  [default: user and host]")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]
Patience = Annotated[
    float,
    typer.Option(
        "--patience", metavar="SECONDS", min=0, help="How long to wait for the engine's answer."
    ),
]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Do what the plan says; without it, you are asked.")
]
CommandId = Annotated[
    str,
    typer.Option(
        "--id",
        metavar="ID",
        help="Of the command; the same one again is done once.  [default: new]",
    ),
]
PATIENCE_SECONDS = 40.0
"""Longer than the engine waits for requests that were sent before."""


@dataclass(frozen=True, slots=True)
class How:
    """How a command is given.

    Attributes:
        is_sure: whether nobody is asked.
        command_id: its id; empty for a new one.
        by: who asks.
        reason: why.
        patience: seconds to wait for its answer.
        as_json: whether the answer is printed as JSON; then nobody is asked.
    """

    is_sure: bool
    command_id: str
    by: str
    reason: str
    patience: float
    as_json: bool

    @classmethod
    def of(
        cls, *, yes: bool, command_id: str, by: str, reason: str, patience: float, as_json: bool
    ) -> "How":
        """With this process's user where nobody said who asks."""
        return cls(yes, command_id, by or this_person(), reason, patience, as_json)


def named_scope(account: str, symbol: str, side: Side | None, *, everything: bool) -> Scope:
    """What a command names; all monitors only where that was said.

    Raises:
        ConfigurationError: nothing is named, or something beside --all, or a part of a monitor.
    """
    scope = Scope(account, symbol, side)
    if everything and scope != EVERYTHING:
        raise ConfigurationError("name a monitor or an account, or give --all: not both")
    if not everything and scope == EVERYTHING:
        raise ConfigurationError(
            "name a monitor (ACCOUNT SYMBOL SIDE) or an account, or give --all for all of them"
        )
    return scope
