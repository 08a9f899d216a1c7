"""``trueup export``: recorded runs as a file, for a test or a bug report."""

from pathlib import Path
from typing import Annotated

import typer

from ...domain.audit.transcript import rendered
from ...domain.model.errors import ConfigurationError
from ...engine.replay.case import Case, case_text, transcript_of
from ...engine.replay.scrubbing import Scrubber
from ...storage import SqlReader
from ...storage.audit import find_run, open_of_any_age, passes_of, read_transcript
from ..base import options
from ..configuration.database import named_database
from .bundle import Part, surroundings, write_bundle
from .replay import compared

_USAGE = "export takes the id of one run, or of several with --bundle FILE"


def export(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN...", help="The id of a run, or how it starts.", show_default=False
        ),
    ],
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    bundle: Annotated[
        Path | None,
        typer.Option(
            "--bundle",
            metavar="FILE",
            help="Write a zip file for a bug report: the runs, versions, settings and the log.",
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option("--log", metavar="FILE", help="Into the bundle: the end of this log."),
    ] = None,
) -> None:
    """Print a recorded run as a case: with other names and ids, and what it did.

    A test that has it fails where a later version decides otherwise (`trueup_case` of
    trueup.testing). Account names and the ids of runs, orders and trades are replaced; prices,
    quantities, times and order link ids stay. With --bundle it writes a file for a bug report: a
    case of each run, what it did, the versions, the settings without secrets, and the end of the
    log. It only reads the database, also while the engine runs.
    """
    if bundle is None and (len(runs) > 1 or log is not None):
        raise ConfigurationError(_USAGE)
    with open_of_any_age(named_database(config, db).url) as reader:
        names = [record.key.account for record in reader.monitors()]
        scrubber = Scrubber(dict.fromkeys(names))
        found = [find_run(reader, run) for run in runs]
        cases = [
            (run, case_of(reader, run, scrubber, is_report=bundle is not None)) for run in found
        ]
        if bundle is None:
            typer.echo(case_text(cases[0][1]), nl=False)
            return
        parts = [Part(f"runs/{scrubber.text(run)}.json", case_text(case)) for run, case in cases]
        write_bundle(bundle, [*parts, *surroundings(reader, scrubber, log)])
    typer.echo(f"{bundle} has {len(parts)} runs: read it before you send it to anybody")


def case_of(reader: SqlReader, run_id: str, scrubber: Scrubber, *, is_report: bool = False) -> Case:
    """The case of a run.

    Args:
        reader: the database.
        run_id: the run.
        scrubber: gives names and ids others.
        is_report: whether the case may have what this version decides otherwise.

    Raises:
        ConfigurationError: the run was not recorded, or this version decides otherwise.
        StoreError: the database cannot be read.
    """
    passes = passes_of(reader, run_id)
    on_record = {run: read_transcript(reader, run) for each in passes for run in each.runs}
    differing = any(one.lines for one in compared(reader, passes))
    if differing and not is_report:
        raise ConfigurationError(
            f"this version decides otherwise than the run {run_id} did: `trueup replay {run_id}` "
            "shows what; export it with the version that it ran in"
        )
    items = scrubber.passes([each.items for each in passes])
    key = items[0][0]["record"]["key"]
    monitor = f"{key['account']} {key['symbol']} {key['side']}"
    recorded = (line for run in on_record.values() for line in rendered(run))
    lines = tuple(map(scrubber.text, recorded)) if differing else transcript_of(items)
    return Case(monitor, items, lines)
