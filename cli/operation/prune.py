"""``trueup prune``: old rows leave the database."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from ...domain.keeping.retention import Retention
from ...storage.sqlite.upkeep.prune import prune_beside
from ..base import options
from ..base.tables import show_json
from ..configuration.database import file_of, named_database


def prune(
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count what would be removed.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Remove rows that are older than what [retention] keeps, while the engine runs or not.

    A running engine does so by itself, a few rows a minute; the command removes all at once, in
    small transactions with pauses. With --db, the defaults of [retention] count. Never removed are
    open writes, alerts that some sink does not have, pauses and halts in force, and the newest run,
    alert and start. Each range that is removed is a row of the table `pruning`. The file keeps its
    size: new rows take the place of those removed.
    """
    named = named_database(config, db)
    path = file_of(
        named.url,
        "the engine removes old rows there by itself, a few a minute, as [retention] says",
    )
    retention = Retention() if named.loaded is None else named.loaded.options.retention.kept
    pruned = prune_beside(path, retention, datetime.now(UTC), is_trial=dry_run)
    if as_json:
        show_json({"database": str(path), "dry_run": dry_run, "rows": pruned})
        return
    rows = ", ".join(f"{count} of {table}" for table, count in pruned.items() if count)
    says = "would be removed from" if dry_run else "were removed from"
    typer.echo(f"{rows or 'no'} rows {says} {path}")
