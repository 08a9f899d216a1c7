"""``trueup diff``: what two runs did differently."""

from typing import Annotated

import typer

from ...domain.audit.differences import differences
from ...storage.audit import find_run, open_of_any_age, read_transcript
from ..base import options
from ..base.failures import ExitCode
from ..base.tables import show_json
from ..configuration.database import named_database

_Run = Annotated[
    str,
    typer.Argument(metavar="RUN", help="The id of a run, or how it starts.", show_default=False),
]


def diff(
    first: _Run,
    second: _Run,
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Show what two runs did differently: steps, decisions, requests, writes, events, alerts.

    Times are left out, and ids of orders are named after their levels, so that two runs that did
    the same do not differ. It exits with 1 if they differ. It only reads the database, also while
    the engine runs.
    """
    with open_of_any_age(named_database(config, db).url) as reader:
        one, other = (read_transcript(reader, find_run(reader, run)) for run in (first, second))
    lines = differences(one, other)
    if as_json:
        show_json({"first": one.run_id, "second": other.run_id, "differences": list(lines)})
    elif lines:
        typer.echo(f"  - {one.run_id}\n  + {other.run_id}")
        typer.echo("\n".join(lines))
    else:
        typer.echo(f"{one.run_id} and {other.run_id} did the same")
    if lines:
        raise typer.Exit(ExitCode.NOT_TRUE)
