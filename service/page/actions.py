"""``…/plan`` and ``…/do``: what somebody asks for, shown first, and done once it is confirmed."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import Side
from ...domain.stopping.command import Command, CommandKind
from ...domain.stopping.control import Scope
from ...storage import Row
from ..commanding.taking import Taker
from .access.guard import Refused, checked_form
from .parts import Parts
from .rendering import place_of

OFFERED: Mapping[CommandKind, str] = {
    CommandKind.RECONCILE: "Run now",
    CommandKind.PAUSE: "Pause",
    CommandKind.RESUME: "Resume",
    CommandKind.BREAKEVEN: "Stop to breakeven",
    CommandKind.CLOSE: "Close the position",
    CommandKind.HALT: "Halt everything",
}
"""What can be asked for, and the words of its button."""
_BY = "the page"
_LONGEST = 200


def routes(parts: Parts, taker: Taker) -> Sequence[BaseRoute]:
    """The routes of this module.

    Args:
        parts: of the page.
        taker: takes the commands.
    """

    async def plan(request: Request) -> Response:
        """Shows what the command would change; nothing is done."""
        fields = await checked_form(request)
        command = _command(fields, secrets.token_urlsafe(16))
        record = await run_in_threadpool(taker.plan, command)
        return parts.show(request, "plan.html", {**_named(command), "record": record})

    async def do(request: Request) -> Response:
        """Does it, once: the form has its id, so that sent again it is the same command."""
        fields = await checked_form(request)
        command = _command(fields, fields.get("id", ""))
        taken = await run_in_threadpool(taker.handle, command)
        return parts.show(request, "done.html", {**_named(command), "taken": taken})

    return (
        Route("/commands/plan", plan, methods=["POST"]),
        Route("/commands/do", do, methods=["POST"]),
    )


def _named(command: Command) -> Mapping[str, object]:
    """The command, the words of its button, and the address of its monitor where it is for one."""
    scope = command.scope
    side = scope.side.value if scope.side else ""
    row: Row = {"account": scope.account, "symbol": scope.symbol, "side": side}
    monitor = place_of(row) if side else ""
    return {"command": command, "words": OFFERED[command.kind], "monitor": monitor}


def _command(fields: Mapping[str, str], command_id: str) -> Command:
    """The command of a form.

    Raises:
        Refused: it is none that the page offers.
    """
    kinds = {kind.value: kind for kind in OFFERED}
    kind, side = kinds.get(fields.get("kind", "")), fields.get("side", "")
    account, symbol = fields.get("account", ""), fields.get("symbol", "")
    if kind is None or not command_id or len(command_id) > _LONGEST:
        raise Refused(400, "the page offers no such command")
    try:
        scope = Scope(account, symbol, Side(side) if side else None)
    except (ConfigurationError, ValueError):
        raise Refused(400, "this names no monitor") from None
    reason = fields.get("reason", "").strip()[:_LONGEST]
    ends_halts = kind is CommandKind.RESUME and fields.get("everything") == "true"
    arguments = {"everything": True} if ends_halts else {}
    return Command(command_id, kind, scope, _BY, datetime.now(UTC), reason, arguments)
