"""Commands on a database, as a user gives them."""

from pathlib import Path

from typer.testing import CliRunner, Result

from trueup.cli.main import app


def told(database: Path, *args: str) -> Result:
    """Gives a command on the database."""
    return CliRunner().invoke(app, [*args, "--db", f"sqlite:///{database}"], catch_exceptions=False)
