"""The matrix: every story, with its process killed at every point that it reaches."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from signal import SIGKILL
from tempfile import TemporaryDirectory

from tests.crash.ending import Ending, ending_of
from tests.crash.job import Reached, Tale
from tests.crash.peer import ARRIVED, LANDED, OPERATIONS, Trap
from tests.crash.process import Zygote
from tests.crash.transcripts import Transcript, nothing
from tests.crash.world import World, empty_database
from trueup.engine.run.crash_points import CLOSES, ENTRIES, POINTS, SETS

LONG_MS = 60_000
PEER_POINTS = tuple(f"{operation}.{when}" for operation in OPERATIONS for when in (ARRIVED, LANDED))
"""What only the other side knows: a write is in, or has taken effect, and no reply left."""
OWN_POINTS = POINTS + SETS + CLOSES + ENTRIES
"""Where the process kills itself."""
ALL_POINTS = OWN_POINTS + PEER_POINTS


@dataclass(frozen=True, slots=True)
class Cell:
    """One process that was killed, and what came of it.

    Attributes:
        duplicates: moments at which two orders stood for one place.
        lost: what differs from the run that was never killed.
        alerts: alerts that are missing or too many.
        broken: other promises that were not kept.
    """

    transcript: str
    reached: Reached
    duplicates: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[str, ...]:
        """Everything that was found wrong."""
        return (*self.duplicates, *self.lost, *self.alerts, *self.broken)


class Matrix:
    """Plays stories and kills their processes. Close it, or use it as a context manager.

    Args:
        folder: for databases, one folder a process that is killed.
        zygote: starts the processes, one at a time.
        empty: a database that has the schema and nothing else.
    """

    def __init__(self, folder: Path, zygote: Zygote, empty: Path) -> None:
        self._folder = folder
        self._zygote = zygote
        self._empty = empty
        self._numbers = count(1)
        self._closing = ThreadPoolExecutor(1)

    def close(self) -> None:
        """Waits for what is still being closed."""
        self._closing.shutdown()

    def cells(self, transcript: Transcript, *, every: bool = True) -> Iterator[Cell]:
        """Kills the story's process at each point it reaches, each time it is reached.

        Args:
            transcript: the story.
            every: whether also where a point is reached again.
        """
        ending, points = self._never_killed(transcript)
        told = (
            ending.duplicates,
            ending.lost,
            ending.alerts,
            ending.broken + ending.stale + ending.excesses + ending.unprotected,
        )
        if any(told):
            yield Cell(transcript.name, Reached("never killed"), *told)
        for reached in points:
            if every or reached.time == 1:
                yield self._killed(transcript, reached, ending)

    def _never_killed(self, transcript: Transcript) -> tuple[Ending, list[Reached]]:
        with self._world(transcript) as world:
            first = self._zygote.start(replace(world.job("a"), passes=1)).tale()
            seen = dict(world.peer.seen)
            ending = self._finish(world)
        times: Counter[str] = Counter()
        points: list[Reached] = []
        for point in first.reached:
            times[point] += 1
            points.append(Reached(point, times[point]))
        points += [
            Reached(f"{operation}.{when}", time)
            for operation, most in seen.items()
            for when in (ARRIVED, LANDED)
            for time in range(1, most + 1)
        ]
        return ending, points

    def _killed(self, transcript: Transcript, reached: Reached, expected: Ending) -> Cell:
        with self._world(transcript) as world:
            if not self._kill(world, reached):
                return Cell(transcript.name, reached, broken=("it was not killed",))
            late = reached.point.endswith(ARRIVED)
            ending = self._finish(world, late=late)
        if late and transcript.races:
            ending = replace(ending, stops=expected.stops)
        moved = transcript.between is not nothing
        # A dead process's request for a larger position may land when the position has shrunk:
        # nobody can hold it back, and the next pass takes it away again.
        excesses = () if late and moved else ending.excesses
        # In the same way it may set the stop of before once more, and the next pass sets it right.
        unprotected = () if late else ending.unprotected
        return Cell(
            transcript.name,
            reached,
            duplicates=ending.duplicates,
            lost=(*ending.lost, *_differences(ending, expected, moved=moved or late)),
            alerts=ending.alerts,
            broken=ending.broken + ending.stale + excesses + unprotected,
        )

    def _kill(self, world: World, reached: Reached) -> bool:
        """Starts the first process and kills it there; whether that worked."""
        job = replace(world.job("a"), passes=1)
        if reached.point in OWN_POINTS:
            return self._zygote.start(replace(job, kill=reached)).wait() == -SIGKILL
        operation, _, when = reached.point.partition(".")
        child: SimpleQueue[Callable[[], None]] = SimpleQueue()

        def kill() -> None:
            child.get()()

        world.peer.trap = Trap(operation, when, reached.time, kill)
        started = self._zygote.start(job)
        child.put(started.kill)
        return started.wait() == -SIGKILL

    def _finish(self, world: World, *, late: bool = False) -> Ending:
        """The next process, until it comes to rest.

        Args:
            world: where the first one was at work.
            late: whether a request of the first one is still under way: it lands now at the
                latest, and one more process sees to what it did.
        """
        world.transcript.between(world.peer)
        world.peer.forget()
        tale: Tale = self._zygote.start(world.job("b")).tale()
        world.peer.clock.advance(LONG_MS)
        if late:
            world.peer.forget()
            tale = self._zygote.start(world.job("c")).tale()
        return ending_of(world, tale)

    @contextmanager
    def _world(self, transcript: Transcript) -> Iterator[World]:
        folder = self._folder / f"{next(self._numbers)}"
        folder.mkdir()
        world = World(folder, transcript, self._empty)
        try:
            yield world
        finally:
            # A server takes a while to stop: nobody waits for it.
            self._closing.submit(world.close)


def _differences(ending: Ending, expected: Ending, *, moved: bool) -> Iterator[str]:
    if ending.ladder != expected.ladder:
        yield f"rests as {ending.ladder}, not as {expected.ladder}"
    if ending.stops != expected.stops:
        yield f"the stop rests as {ending.stops}, not as {expected.stops}"
    if ending.closed != expected.closed:
        yield f"closed are {ending.closed}, not {expected.closed}"
    if ending.foreign != expected.foreign:
        yield f"others' orders are {ending.foreign}, not {expected.foreign}"
    if any(made > expected.made[uid] for uid, made in ending.made.items()):
        yield f"{ending.made} orders were made, not {expected.made}"
    if moved and set(ending.statuses) <= {*expected.statuses, "SUCCESS", "IN_SYNC"}:
        return  # the first process might have told of what was healed, or closed, before the next
    if ending.statuses != expected.statuses:
        yield f"alerts tell of {ending.statuses}, not of {expected.statuses}"


def play(transcripts: Sequence[Transcript], workers: int, *, every: bool = True) -> list[Cell]:
    """All cells of the stories, by so many zygotes side by side."""
    with TemporaryDirectory(prefix="trueup-crash-") as name, ThreadPoolExecutor(workers) as pool:
        empty = empty_database(Path(name))
        free: SimpleQueue[Matrix] = SimpleQueue()

        def one(transcript: Transcript) -> list[Cell]:
            matrix = free.get()
            try:
                return list(matrix.cells(transcript, every=every))
            finally:
                free.put(matrix)

        with ExitStack() as opened:
            for number in range(workers):
                folder = Path(name, f"w{number}")
                folder.mkdir()
                zygote = Zygote()
                opened.callback(zygote.close)
                matrix = Matrix(folder, zygote, empty)
                opened.callback(matrix.close)
                free.put(matrix)
            done = list(pool.map(one, transcripts))
    return [cell for cells in done for cell in cells]
