"""A run explained, with all that is on record of it: for `trueup explain`, and for the page."""

from dataclasses import replace

from ..domain.audit.explanation import explain_run
from ..domain.audit.inputs import Inputs
from ..domain.audit.page import Page
from ..domain.model.errors import ConfigurationError, StoreError
from ..engine.replay.learned import inputs_of
from ..storage import SqlReader
from ..storage.audit import passes_of, read_run, read_transcript


def explained_run(reader: SqlReader, run_id: str) -> Page:
    """The page of a run.

    Raises:
        ConfigurationError: there is no such run.
        StoreError: the database cannot be read.
    """
    run = read_run(reader, run_id)
    try:
        run = replace(run, inputs=run_inputs(reader, run_id))
    except (StoreError, ValueError) as error:
        run = replace(run, unread=str(error))
    return explain_run(run)


def run_inputs(reader: SqlReader, run_id: str) -> Inputs | None:
    """What a run was decided by; None where that is not on record.

    Raises:
        StoreError: what is on record of it cannot be read.
        ValueError: the same.
    """
    try:
        passes = passes_of(reader, run_id)
    except ConfigurationError:
        return None
    runs = dict.fromkeys(run for each in passes for run in each.runs)
    levels = {
        intent.order_link_id: (intent.level, intent.part)
        for run in runs
        for intent in read_transcript(reader, run).intents
    }
    return inputs_of([each.items for each in passes], run_id, levels)
