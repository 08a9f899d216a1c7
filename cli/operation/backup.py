"""``trueup backup``: a copy of the database, made while an engine runs."""

from pathlib import Path
from typing import Annotated

import typer

from ...storage.sqlite import back_up
from ..base import options
from ..base.tables import show_json
from ..configuration.database import file_of, named_database


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy: a new file.")],
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Copy the database to a file, while the engine runs or not.

    The copy is one file and of one moment, checked, and opens as a database. Copying the file of
    the database by other means while the engine runs loses what is in its log. The command
    overwrites nothing: give each copy a name of its own, in a script by the date.
    """
    path = file_of(
        named_database(config, db).url,
        "copy it by pg_dump, which may run beside the engine, and restore the copy by pg_restore",
    )
    target = file.resolve()
    back_up(path, target)
    size = target.stat().st_size
    if as_json:
        show_json({"database": str(path), "copy": str(target), "bytes": size})
        return
    typer.echo(f"{path} was copied to {target}, {size} bytes")
