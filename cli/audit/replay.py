"""``trueup replay``: what this version makes of recorded runs."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Annotated

import typer

from ...domain.model.errors import ConfigurationError, StoreError
from ...domain.recording.passes import RecordedPass
from ...engine.replay.comparing import Comparison, compare
from ...storage import SqlReader
from ...storage.audit import (
    find_run,
    open_of_any_age,
    passes_of,
    read_transcript,
    recordings,
)
from ..base import options
from ..base.failures import ExitCode
from ..base.tables import show_json
from ..base.times import time_of
from ..configuration.database import named_database

_USAGE = "replay takes the id of a run, or --since TIME, or --all; see `trueup replay --help`"


def replay(
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN", help="The id of a run, or how it starts.", show_default=False
        ),
    ] = None,
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every recorded run.")] = False,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="TIME",
            help="The runs since then; in UTC, such as 2026-12-01T03:12.",
        ),
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Show what this version would have done: recorded runs, decided once more.

    It gives the present code what the run learned then, and shows what it decides otherwise. It
    asks no exchange, and only reads the database, also while the engine runs, or a back-up. It
    exits with 1 if anything differs: try a new version on a copy of the database before you deploy
    it.
    """
    if (run is not None) + every + (since is not None) != 1:
        raise ConfigurationError(_USAGE)
    count, differing = 0, list[Comparison]()
    with open_of_any_age(named_database(config, db).url) as reader:
        for one in _of_run(reader, run) if run is not None else _of_all(reader, since):
            count += 1
            if one.lines:
                differing.append(one)
                if not as_json:
                    typer.echo("\n".join((f"══ {one.run_id}", *one.lines)))
    if as_json:
        found = [{"run": one.run_id, "differences": list(one.lines)} for one in differing]
        show_json({"replayed": count, "differing": found})
    else:
        typer.echo(f"replayed {count}, differing {len(differing)}")
    if differing:
        raise typer.Exit(ExitCode.NOT_TRUE)


def _of_run(reader: SqlReader, start: str) -> Iterator[Comparison]:
    run = find_run(reader, start)
    passes = passes_of(reader, run)
    return (one for one in compared(reader, passes) if one.run_id == run)


def _of_all(reader: SqlReader, since: str | None) -> Iterator[Comparison]:
    for recorded in recordings(reader, None if since is None else time_of("--since", since)):
        for one in compared(reader, recorded.passes):
            if one.run_id not in recorded.partly:
                yield one


def compared(reader: SqlReader, passes: Iterable[RecordedPass]) -> Iterator[Comparison]:
    """What this version makes of recorded passes of one monitor.

    Raises:
        StoreError: what was recorded cannot be read.
    """
    try:
        yield from compare(passes, partial(read_transcript, reader))
    except ValueError as error:
        raise StoreError(f"{error}: `trueup verify` says whether a row was changed") from error
