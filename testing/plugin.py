"""The pytest plugin: fixtures for tests of bots; pytest loads it where trueup is installed.

It imports nothing of trueup before a test asks for a fixture. Time is virtual: it moves when a run
waits, and when a test lets it.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..composition import Reconciler
    from ..domain.model.ladder import Ladder
    from ..engine.replay.case import ReplayedCase
    from ..simulator import SimulatorServer
    from .in_process_simulator import InProcessSimulator
    from .stage import Stage


CASE = "trueup_case"
_HELP = (
    f"{CASE}(path): the fixture {CASE} is a run that `trueup export` wrote, replayed by the present"
    " code; the path counts from the folder of the test's module"
)


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker."""
    config.addinivalue_line("markers", _HELP)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fails a test that has the marker and does not look at the case: it would prove nothing."""
    names = getattr(item, "fixturenames", ())
    if item.get_closest_marker(CASE) is not None and CASE not in names:
        pytest.fail(
            f"{item.name} replays no case: give the test the argument {CASE}", pytrace=False
        )


@pytest.fixture
def trueup_case(request: pytest.FixtureRequest) -> "ReplayedCase":
    """The exported run that the marker ``trueup_case`` names, replayed by the present code."""
    from ..engine.replay.case import replay_case

    marker = request.node.get_closest_marker(CASE)
    if marker is None or len(marker.args) != 1:
        pytest.fail(f'name the case: @pytest.mark.{CASE}("case.json")', pytrace=False)
    path = request.path.parent / marker.args[0]
    if not path.is_file():
        pytest.fail(f"there is no {path}: write it with trueup export RUN", pytrace=False)
    return replay_case(path)


@pytest.fixture
def simulator() -> "InProcessSimulator":
    """A simulated exchange in memory, for clients in the same process.

    It has one account and one contract: `UID`, `ACCOUNT`, `SYMBOL` and `PRICE` of
    `trueup.testing`; rate limits are off.
    """
    from ..simulator import Behaviour
    from .defaults import add_defaults
    from .in_process_simulator import InProcessSimulator

    made = InProcessSimulator(behaviour=Behaviour(rate_limits=False, ip_limit=False))
    add_defaults(made)
    return made


@pytest.fixture
def reconciler(simulator: "InProcessSimulator", tmp_path: Path) -> Iterator["Reconciler"]:
    """A reconciler for `ACCOUNT` on the fixture ``simulator``, with a database in ``tmp_path``."""
    from .defaults import ACCOUNT
    from .stage import open_reconciler

    with open_reconciler(tmp_path, [ACCOUNT], simulator) as opened:
        yield opened


@pytest.fixture
def open_stage(tmp_path: Path) -> Iterator[Callable[..., "Stage"]]:
    """Opens a `Stage` of a ladder, with the options of `Stage`; each has its own database."""
    from .stage import Stage

    with ExitStack() as opened:
        count = 0

        def open_one(ladder: "Ladder | None" = None, **options: Any) -> Stage:  # noqa: ANN401 - those of Stage
            nonlocal count
            count += 1
            folder = tmp_path / f"stage-{count}"
            folder.mkdir()
            return opened.enter_context(Stage(folder, ladder, **options))

        yield open_one


@pytest.fixture
def simulator_server() -> Iterator["SimulatorServer"]:
    """A simulated exchange over HTTP and WebSocket on loopback, for bots that talk to Bybit.

    It has what ``simulator`` has. The simulator is ``simulator_server.sim``, its addresses are
    ``url`` and ``stream_url``; `trueup.testing.account_at` gives the account for a `Reconciler`. A
    test that uses it is skipped where the extra ``trueup[simulator]`` is not installed.
    """
    for module in ("starlette", "uvicorn"):
        pytest.importorskip(module, reason="needs: pip install 'trueup[simulator]'")
    from ..simulator import Behaviour, Simulator, SimulatorServer
    from .defaults import add_defaults

    made = Simulator(behaviour=Behaviour(rate_limits=False, ip_limit=False))
    add_defaults(made)
    with SimulatorServer(made) as server:
        yield server
