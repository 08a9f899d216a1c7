"""``trueup export``: a recorded run as a file, for a test or a bug report."""

from typing import Annotated

import typer

from ...domain.model.errors import ConfigurationError
from ...engine.replay.case import Case, case_text, transcript_of
from ...engine.replay.comparing import compare
from ...engine.replay.scrubbing import scrubbed
from ...storage import SqliteReader
from ...storage.audit import find_run, open_of_any_age, passes_of, read_transcript
from ..base import options
from ..configuration.database import named_database


def export(
    run: Annotated[
        str,
        typer.Argument(
            metavar="RUN", help="The id of a run, or how it starts.", show_default=False
        ),
    ],
    config: options.MaybeConfig = None,
    db: options.Database = None,
) -> None:
    """Print a recorded run as a case: with other names and ids, and what it did.

    A test that has it fails where a later version decides otherwise (`trueup_case` of
    trueup.testing). Account names and the ids of runs, orders and trades are replaced; prices,
    quantities, times and order link ids stay.
    """
    with open_of_any_age(named_database(config, db).url) as reader:
        typer.echo(case_text(case_of(reader, find_run(reader, run))), nl=False)


def case_of(reader: SqliteReader, run_id: str) -> Case:
    """The case of a run.

    Raises:
        ConfigurationError: the run was not recorded, or this version decides otherwise.
        StoreError: the database cannot be read.
    """
    passes = passes_of(reader, run_id)
    on_record = {run: read_transcript(reader, run) for each in passes for run in each.runs}
    if any(one.lines for one in compare(passes, on_record.__getitem__)):
        raise ConfigurationError(
            f"this version decides otherwise than the run {run_id} did: `trueup replay {run_id}` "
            "shows what; export it with the version that it ran in"
        )
    items = scrubbed([each.items for each in passes])
    key = items[0][0]["record"]["key"]
    monitor = f"{key['account']} {key['symbol']} {key['side']}"
    return Case(monitor, items, transcript_of(items))
