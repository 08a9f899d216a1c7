"""All cases of a file, one after the other, at one server."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from loguru import logger

from tests.cases.casebook import Case, Malformed
from tests.cases.play import MoveIn, play
from tests.cases.switchboard import Switchboard
from tests.cases.table import Line, failed_line, line_of, malformed_line
from tests.cases.verdict import judge
from trueup.simulator import SimulatorServer
from trueup.storage import open_store


def parade(cases: Iterable[Case | Malformed], move_in: MoveIn | None = None) -> Iterator[Line]:
    """Plays the cases and gives the line of each as soon as it is known.

    Each has a database of its own, a copy of one that the store has made: migrating an empty
    file takes longer than the case.
    """
    board = Switchboard()
    logger.disable("trueup")
    try:
        with TemporaryDirectory() as folder, SimulatorServer(board) as server:
            empty = Path(folder) / "empty.db"
            open_store(f"sqlite:///{empty}").close()
            for number, case in enumerate(cases):
                database = Path(folder) / f"{number}.db"
                copyfile(empty, database)
                yield _line(case, board, server.url, database, move_in)
    finally:
        logger.enable("trueup")


def _line(
    case: Case | Malformed, board: Switchboard, url: str, database: Path, move_in: MoveIn | None
) -> Line:
    if isinstance(case, Malformed):
        return malformed_line(case)
    try:
        played = play(case, board, url, database, move_in)
        return line_of(played, judge(played))
    except Exception as error:  # noqa: BLE001 - a defect costs its own case only
        return failed_line(case.case, error)
