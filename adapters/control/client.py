"""Asking a running service, from another process: a client of its Unix socket."""

import asyncio
import json
import os
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from os import PathLike
from typing import cast
from urllib.parse import quote
from uuid import uuid4

from ...domain.model.errors import ConfigurationError, NotAnswered
from ...domain.model.identity import Side
from ...domain.stopping.command import Became, Change, CommandKind, Part
from ...domain.stopping.control import Scope

_REFUSED = (401, 403, 422)
"""What the service answers where nothing was done, and why."""
_NOT_RUNNING = 503
"""What it answers while its engine starts or reloads; nothing was done."""
_NO_SUCH = 404
_BETWEEN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Commanded:
    """The answer to a command.

    Attributes:
        id: of the command; asking again with it gives the same answer and does nothing.
        kind: what was asked for.
        changes: from what to what, of each monitor.
        became: what became of all of it: the worst of its parts.
        parts: what became of each monitor, or of what else was named, and why.
        is_repeated: whether the command was taken before, and nothing was done now.
    """

    id: str
    kind: CommandKind
    changes: tuple[Change, ...]
    became: Became
    parts: tuple[Part, ...]
    is_repeated: bool


class Client:
    """Asks a running service; threads may share it.

    Args:
        socket_path: the socket of the service, such as ``trueup.db.sock`` beside ``trueup.db``.
        by: who asks, for the record: a person, or the name of a program.
        timeout: seconds to wait for an answer, and before it for an engine that starts or reloads.
    """

    def __init__(
        self,
        socket_path: str | PathLike[str] = "trueup.db.sock",
        *,
        by: str,
        timeout: float = 60.0,
    ) -> None:
        self._path = os.fspath(socket_path)
        self._by = by
        self._timeout = timeout

    def command(
        self,
        kind: CommandKind | str,
        account: str = "",
        symbol: str = "",
        side: Side | str | None = None,
        *,
        arguments: Mapping[str, object] | None = None,
        reason: str = "",
        command_id: str = "",
    ) -> Commanded:
        """Gives a command, and waits for its answer.

        Args:
            kind: what to do.
            account: the account's name; empty for all accounts.
            symbol: of the monitor; empty for all monitors of the account.
            side: of the monitor's position; None for all monitors of the account.
            arguments: what belongs to the kind, as docs/control.md has it; numbers as text.
            reason: why, for the record.
            command_id: of a command that was given before; a new one by default.

        Raises:
            ConfigurationError: it is no command, or its id is that of another; nothing was done.
            NotAnswered: no service answers. Where it may have been done, ask again with the id
                that the error has: it is not done twice.
        """
        body = _body(kind, account, symbol, side, arguments)
        number = command_id or uuid4().hex
        given = {**body, "id": number, "by": self._by, "reason": reason}
        return _commanded(self._answer("POST", "/v1/commands", given, number))

    def look_up(self, command_id: str) -> Commanded | None:
        """What became of a command, from the record alone: nothing is done, nor done again.

        Returns:
            Its answer, ``unknown`` while it has none; None where no command of that id is on
            record: so far nothing was done for it.

        Raises:
            ConfigurationError: the service refuses to answer.
            NotAnswered: no service answers.
        """
        path = f"/v1/commands/{quote(command_id, safe='')}"
        found = self._answer("GET", path, None, command_id)
        return _commanded(found) if found else None

    def plan(
        self,
        kind: CommandKind | str,
        account: str = "",
        symbol: str = "",
        side: Side | str | None = None,
        *,
        arguments: Mapping[str, object] | None = None,
    ) -> tuple[Change, ...]:
        """From what to what a command would change; nothing is done. See :meth:`command`.

        Raises:
            ConfigurationError: it is no command.
            NotAnswered: no service answers.
        """
        given = {**_body(kind, account, symbol, side, arguments), "id": "plan", "by": self._by}
        return _changes(self._answer("POST", "/v1/plans", given, ""))

    def _answer(
        self, method: str, path: str, document: Mapping[str, object] | None, number: str
    ) -> Mapping[str, object]:
        """The answer, empty where there is no such thing.

        An engine that starts or reloads, and has done nothing, is asked again.
        """
        until = time.monotonic() + self._timeout
        while True:
            status, answer = self._asked(method, path, document, number)
            if status == 200:  # noqa: PLR2004 - HTTP's
                return answer
            if status == _NO_SUCH and method == "GET":
                return {}
            why = cast("Mapping[str, str]", answer["error"])["message"]
            if status in _REFUSED:
                raise ConfigurationError(why)
            if status != _NOT_RUNNING or time.monotonic() >= until:
                raise NotAnswered(why, command_id=number)
            time.sleep(_BETWEEN_SECONDS)

    def _asked(
        self, method: str, path: str, document: Mapping[str, object] | None, number: str
    ) -> tuple[int, Mapping[str, object]]:
        connection = _OverUnix(self._path, self._timeout)
        try:
            connection.connect()
        except OSError as error:
            raise NotAnswered(
                f"no service listens to {self._path}: is `trueup run` running? ({error.strerror})"
            ) from None
        try:
            body = None if document is None else json.dumps(document)
            connection.request(method, path, body=body)
            response = connection.getresponse()
            return response.status, cast("Mapping[str, object]", json.loads(response.read()))
        except (OSError, HTTPException, ValueError) as error:
            raise NotAnswered(
                f"the service did not answer: {str(error) or type(error).__name__}",
                command_id=number,
            ) from None
        finally:
            connection.close()


class AsyncClient:
    """A :class:`Client` whose methods are awaited, each in a thread; it takes the same arguments.

    Args:
        socket_path: the socket of the service.
        by: who asks, for the record.
        timeout: seconds to wait for an answer.
    """

    def __init__(
        self,
        socket_path: str | PathLike[str] = "trueup.db.sock",
        *,
        by: str,
        timeout: float = 60.0,
    ) -> None:
        self._client = Client(socket_path, by=by, timeout=timeout)

    async def command(
        self,
        kind: CommandKind | str,
        account: str = "",
        symbol: str = "",
        side: Side | str | None = None,
        *,
        arguments: Mapping[str, object] | None = None,
        reason: str = "",
        command_id: str = "",
    ) -> Commanded:
        """See :meth:`Client.command`. Cancelling it does not take the command back."""
        return await asyncio.to_thread(
            self._client.command,
            kind,
            account,
            symbol,
            side,
            arguments=arguments,
            reason=reason,
            command_id=command_id,
        )

    async def plan(
        self,
        kind: CommandKind | str,
        account: str = "",
        symbol: str = "",
        side: Side | str | None = None,
        *,
        arguments: Mapping[str, object] | None = None,
    ) -> tuple[Change, ...]:
        """See :meth:`Client.plan`."""
        return await asyncio.to_thread(
            self._client.plan, kind, account, symbol, side, arguments=arguments
        )

    async def look_up(self, command_id: str) -> Commanded | None:
        """See :meth:`Client.look_up`."""
        return await asyncio.to_thread(self._client.look_up, command_id)


class _OverUnix(HTTPConnection):
    """A connection through a Unix socket."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path, self._seconds = path, timeout

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self._seconds)
        try:
            self.sock.connect(self._path)
        except OSError:
            self.sock.close()
            raise


def _body(
    kind: CommandKind | str,
    account: str,
    symbol: str,
    side: Side | str | None,
    arguments: Mapping[str, object] | None,
) -> dict[str, object]:
    return {
        "kind": str(kind),
        "account": account,
        "symbol": symbol,
        "side": str(side or ""),
        "arguments": dict(arguments or {}),
    }


def _commanded(found: Mapping[str, object]) -> Commanded:
    return Commanded(
        cast("str", found["id"]),
        CommandKind(cast("str", found["kind"])),
        _changes(found),
        Became(cast("str", found["became"])),
        _parts(found),
        found["repeated"] is True,
    )


def _changes(document: Mapping[str, object]) -> tuple[Change, ...]:
    return tuple(
        Change(
            _scope(one),
            one["before"],
            one["after"],
            one["refusal"],
            _lines(one, "sends"),
            _lines(one, "notes"),
        )
        for one in _list(document, "changes")
    )


def _parts(document: Mapping[str, object]) -> tuple[Part, ...]:
    return tuple(
        Part(_scope(one), Became(one["became"]), one["detail"]) for one in _list(document, "parts")
    )


def _lines(document: Mapping[str, object], name: str) -> tuple[str, ...]:
    return tuple(cast("Sequence[str]", document.get(name, ())))


def _list(document: Mapping[str, object], name: str) -> Sequence[Mapping[str, str]]:
    return cast("Sequence[Mapping[str, str]]", document[name])


def _scope(document: Mapping[str, str]) -> Scope:
    side = document["side"]
    return Scope(document["account"], document["symbol"], Side(side) if side else None)
