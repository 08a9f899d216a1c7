"""``trueup doctor``: whether accounts and database are fit for the engine; if not, what to do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from ...domain.model.errors import StoreError
from ...engine.keys.examination import Check, Examined, Weight
from ...storage import open_reader
from ...storage.beside import is_there, named_server, owner_of
from ...storage.sqlite import database_path
from ...storage.sqlite.health import DatabaseHealth, health_of
from ..base import options
from ..base.failures import ExitCode
from ..base.tables import show_json
from ..configuration.loading import Loaded, load
from ..configuration.opening import open_copy

_MEGABYTE = 1_000_000
_LITTLE = 200 * _MEGABYTE
_SIGNS = {Weight.OK: "✅", Weight.WARNING: "⚠️", Weight.REFUSED: "❌"}


def doctor(
    config: options.Config = options.DEFAULT_CONFIG, *, as_json: options.AsJson = False
) -> None:
    """Check accounts, keys, clocks and the database, and say what to do.

    For every account it asks the exchange whose the API key is, what the key may do, which
    addresses it is bound to and when it expires, measures the clock, and compares the position
    mode. To learn whether the disk takes it, it writes a file without a name into the database's
    folder, which is gone at once. It sends no write and stores nothing, and works while the engine
    runs.

    It exits with 1 if the engine would send no write for an account or a monitor, or cannot use
    the database.
    """
    loaded = load(config, keys=True)
    name, database = _of_database(loaded.options.store.url)
    examined = _examined(loaded, is_readable=not _is_refused(database))
    if as_json:
        accounts = [_document(each) for each in examined]
        show_json({"accounts": accounts, "database": [_check(each) for each in database]})
    else:
        for each in examined:
            named = f"{each.account} ({each.environment})"
            typer.echo("\n".join((f"account {named}", *map(_line, each.checks), "")))
        typer.echo("\n".join((f"database {name}", *map(_line, database))))
    refused = _is_refused(database) or any(each.is_refused for each in examined)
    raise typer.Exit(ExitCode.NOT_TRUE if refused else ExitCode.OK)


def _examined(loaded: Loaded, *, is_readable: bool) -> tuple[Examined, ...]:
    with open_copy(loaded, is_empty=not is_readable) as reconciler:
        for monitor in loaded.options.monitors:
            account = loaded.options.accounts[monitor.account]
            key = monitor.key
            reconciler.store.watch(key, account.role, account.follows, monitor.wanted)
        return reconciler.examine()


def _of_database(url: str) -> tuple[str, tuple[Check, ...]]:
    """What the database is called, and how it is."""
    server = named_server(url)
    if server is not None:
        return server, _server_checks(url)
    path = database_path(url)
    return str(path), _database_checks(path, health_of(path))


def _server_checks(url: str) -> tuple[Check, ...]:
    try:
        if not is_there(url):
            text = "it is empty yet: `trueup run` fills it"
            return (Check("schema", Weight.OK, text),)
        open_reader(url).close()
        owner = owner_of(url)
    except StoreError as error:
        return (Check("schema", Weight.REFUSED, error.message),)
    schema = Check("schema", Weight.OK, "that of this trueup")
    running = f"opened by {owner}, which runs" if owner else "no engine has it open"
    return (schema, Check("owner", Weight.OK, running))


def _database_checks(path: Path, health: DatabaseHealth) -> tuple[Check, ...]:
    if not health.exists:
        text = "there is none yet: `trueup run` creates it"
        return (Check("schema", Weight.OK, text), _writable(path, health))
    schema = Check("schema", Weight.OK, f"{health.schema}, every page is whole")
    if health.broken:
        schema = Check("schema", Weight.REFUSED, health.broken)
    owner = Check("owner", Weight.OK, _owner(health))
    return (schema, _writable(path, health), owner)


def _writable(path: Path, health: DatabaseHealth) -> Check:
    free = "" if health.free is None else f"{health.free / _MEGABYTE:,.0f} MB are free"
    if health.unwritable:
        room = f" ({free})" if free else ""
        text = (
            f"not by this user in {path.parent}: {health.unwritable}{room}: run the engine as the "
            "owner of the folder, change its mode, or free space"
        )
        return Check("writable", Weight.REFUSED, text)
    if health.free is not None and health.free < _LITTLE:
        text = f"by this user, but only {free}: on a full disk the engine sends nothing"
        return Check("writable", Weight.WARNING, text)
    return Check("writable", Weight.OK, ", ".join(filter(None, ("by this user", free))))


def _owner(health: DatabaseHealth) -> str:
    if health.owner is None:
        return "no engine has opened it"
    if health.is_owner_running:
        return f"opened last by process {health.owner}, which runs"
    return f"opened last by process {health.owner}, which no longer runs"


def _is_refused(checks: Sequence[Check]) -> bool:
    return any(check.weight is Weight.REFUSED for check in checks)


def _line(check: Check) -> str:
    return f"  {_SIGNS[check.weight]} {check.what}: {check.text}"


def _document(examined: Examined) -> dict[str, Any]:
    return {
        "account": examined.account,
        "environment": examined.environment,
        "uid": examined.uid or None,
        "refused": examined.is_refused,
        "checks": [_check(each) for each in examined.checks],
    }


def _check(check: Check) -> dict[str, Any]:
    return {"what": check.what, "weight": check.weight.value, "text": check.text}
