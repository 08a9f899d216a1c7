"""``trueup verify``: whether the database is whole, and as the engine wrote it."""

from dataclasses import asdict

import typer

from ...storage.sqlite.upkeep.verify import verify as verified
from ..base import options
from ..base.failures import ExitCode
from ..base.tables import show_json
from ..configuration.database import file_of, named_database

_MOST = 50


def verify(
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Check that the database is whole, and that its rows are as the engine wrote them.

    It checks the pages of the file, the triggers that keep rows as they were written, row ids that
    are missing though no pruning removed them, the checksum of each row of the journal, its lists,
    and the runs and phrases that rows name. Each write in the journal must have its intent, from
    before it was sent, and so must each request that sets a stop. Every view is read to its end.
    Times that go back within a run are a note: the clock may have been set back. The command only
    reads, also while the engine runs; it exits with 1 if anything is wrong.
    """
    path = file_of(
        named_database(config, db).url,
        "PostgreSQL checks its pages itself (data checksums, pg_amcheck), and this command reads "
        "files of SQLite",
    )
    counts, findings = verified(path)
    wrong = [one for one in findings if not one.is_note]
    if as_json:
        found = [asdict(one) for one in findings]
        show_json({"database": str(path), "rows": counts, "findings": found})
    else:
        for one in findings[:_MOST]:
            typer.echo(f"{'·' if one.is_note else '✗'} {one.check}: {one.text}")
        if len(findings) > _MOST:
            typer.echo(f"… and {len(findings) - _MOST} more: --json shows all")
        rows = ", ".join(f"{count} of {name}" for name, count in counts.items() if count)
        typer.echo(f"{path}: {len(wrong) or 'nothing'} wrong in {rows or 'no rows'}")
    if wrong:
        raise typer.Exit(ExitCode.NOT_TRUE)
