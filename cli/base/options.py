"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_CONFIG = Path("trueup.toml")

Config = Annotated[
    Path,
    typer.Option("--config", "-c", metavar="FILE", help="The configuration."),
]
MaybeConfig = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        metavar="FILE",
        help=f"The configuration that names the database.  [default: {DEFAULT_CONFIG}]",
    ),
]
Database = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", help="The database itself, such as sqlite:///trueup.db."),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout, for scripts.")]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Log warnings and errors only; alerts still show.")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log every decision of every run.")]
LogJson = Annotated[
    bool, typer.Option("--log-json", help="Log, and alert on stderr, in JSON: one object a line.")
]
