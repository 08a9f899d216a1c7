"""``/v1/commands`` and ``/v1/plans``: doing what somebody asks for, and what it would change."""

from collections.abc import Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from ...domain.stopping.command import CommandRecord
from ...domain.stopping.control import Scope
from ..commanding.reading import read_command
from ..commanding.taking import Taken, Taker
from ..running import RunningEngine
from .errors import error_document

_NOT_ON_RECORD = "no command of this id is on record: so far nothing was done for it"


def routes(running: RunningEngine) -> Sequence[BaseRoute]:
    """The routes of this module."""
    taker = Taker(running)

    async def take(request: Request) -> JSONResponse:
        """Takes a command; the answer says what became of each part."""
        command = read_command(await request.body())
        return JSONResponse(_taken(await run_in_threadpool(taker.handle, command)))

    async def plan(request: Request) -> JSONResponse:
        """Says what a command would change."""
        command = read_command(await request.body())
        return JSONResponse(_planned(await run_in_threadpool(taker.plan, command)))

    async def look_up(request: Request) -> JSONResponse:
        """Says what became of a command, from the record alone."""
        number = request.path_params["command_id"]
        known = await run_in_threadpool(taker.look_up, number)
        if known is None:
            return JSONResponse(error_document("NotOnRecord", _NOT_ON_RECORD), 404)
        return JSONResponse(_taken(known))

    return (
        Route("/v1/commands/{command_id:path}", look_up, methods=["GET"]),
        Route("/v1/commands", take, methods=["POST"]),
        Route("/v1/plans", plan, methods=["POST"]),
    )


def _planned(record: CommandRecord) -> dict[str, Any]:
    command = record.command
    return {
        "id": command.id,
        "kind": command.kind.value,
        "by": command.by,
        "at": command.at.isoformat(),
        "changes": [
            {
                **_scope(change.scope),
                "before": change.before,
                "after": change.after,
                "refusal": change.refusal,
                "sends": change.sends,
                "notes": change.notes,
            }
            for change in record.changes
        ],
    }


def _taken(taken: Taken) -> dict[str, Any]:
    answer = taken.answer
    return {
        **_planned(taken.record),
        "became": answer.became.value,
        "answered_at": answer.at.isoformat(),
        "repeated": taken.is_repeated,
        "parts": [
            {**_scope(part.scope), "became": part.became.value, "detail": part.detail}
            for part in answer.parts
        ],
    }


def _scope(scope: Scope) -> dict[str, str]:
    side = scope.side.value if scope.side else ""
    return {"account": scope.account, "symbol": scope.symbol, "side": side}
