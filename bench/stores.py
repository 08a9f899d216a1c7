"""Both stores beside each other: durable steps per second, and the client's CPU for each."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.postgres import Server
from trueup.storage import open_store

from .durable_commits import Open, commits_of, side
from .measurement import Figure, Measurement, Scale, Tick, figures
from .sampling import interleave

SQLITE = "on SQLite, in the same run"


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    made: list[Figure] = []
    for threads in scale.threads:
        with _sides() as opened:
            sides = {name: side(one, threads, scale.seconds) for name, one in opened.items()}
            found = interleave(sides, scale.rounds, tick)
        made += figures(found["on PostgreSQL"], found[SQLITE], SQLITE, {})
    return tuple(made)


@contextmanager
def _sides() -> Iterator[dict[str, Open]]:
    """A store on each, on the same disk; the server flushes each commit, as SQLite does."""
    with TemporaryDirectory() as name, ExitStack() as opened:
        folder = Path(name)
        server = opened.enter_context(closing(Server(folder / "postgres", is_durable=True)))
        url = opened.enter_context(server.database())
        far = opened.enter_context(open_store(url))
        near = opened.enter_context(open_store(f"sqlite:///{folder / 'trueup.db'}"))
        yield {
            "on PostgreSQL": lambda number: commits_of(far, number),
            SQLITE: lambda number: commits_of(near, number),
        }


STORES = Measurement("stores", "The same steps made durable on PostgreSQL and on SQLite", _measure)
