"""Time to the phone: how long after a mirror's take-profit fills its owner has the message."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Condition, Thread

from trueup import AppriseSink, EventKind

from .line import HOST
from .live import STREAMS, engine, owners_of, percentile, watch
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick
from .sampling import interleave
from .scene import Place, Scene
from .served import Exchange, served
from .target import at_most

HOW = "from the fill at the exchange until a webhook has the message, over sockets"
TIME = Kind("time to the phone", "s")
LIMIT = at_most("2", "s")
_PATIENCE_S = 60.0
_QUIET_S = 0.25


class _Phone:
    """A webhook that notes which fill it was told of when."""

    def __init__(self) -> None:
        self._told: dict[Place, float] = {}
        self._changed = Condition()
        phone = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Takes a message."""
                at = time.perf_counter()
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                phone.take(json.loads(body), at)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
                """Says nothing."""

        self.server = ThreadingHTTPServer((HOST, 0), Handler)

    @property
    def url(self) -> str:
        """For apprise."""
        return f"json://{HOST}:{self.server.server_address[1]}/"

    def take(self, document: dict[str, object], at: float) -> None:
        """Notes a message about a fill; the first one of each position counts."""
        kinds = document["kinds"]
        if isinstance(kinds, list) and EventKind.LEVEL_FILLED in kinds:
            with self._changed:
                place = Place(str(document["account"]), str(document["symbol"]))
                self._told.setdefault(place, at)
                self._changed.notify_all()

    def told(self, place: Place) -> float:
        """Waits until it is told of a fill there; returns when that was."""
        with self._changed:
            if not self._changed.wait_for(lambda: place in self._told, _PATIENCE_S):
                raise TimeoutError("no message of the fill has arrived")
            return self._told[place]


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    scene = Scene(2, symbols=scale.live + 1, ladders=True, round_trip_ms=scale.trip_ms)
    mirror = [place for place in scene.places if place.account == scene.names[1]]
    with TemporaryDirectory() as name, served(scene) as exchange, _phone() as phone:
        accounts = owners_of(scene.names, exchange.url)
        with engine(Path(name), accounts, sinks=[AppriseSink(phone.url)]) as opened:
            watch(opened.reconciler, accounts, scene.places)
            opened.start(STREAMS)
            opened.wait_until_synced(len(accounts))
            opened.wait_for_runs(len(scene.places), "start-up")
            turns = iter(mirror)
            taken = interleave(
                {"trueup": lambda: _sample(exchange, phone, next(turns))}, scale.live, tick
            )
    times = [one[TIME] for one in taken["trueup"]]
    return tuple(
        Figure(Kind(f"{TIME.name}, p{p}", TIME.unit), HOW, percentile(times, p), target=LIMIT)
        for p in (50, 99)
    )


def _sample(exchange: Exchange, phone: _Phone, place: Place) -> Sample:
    """One TP1 fills; asking the exchange's process for that counts, too."""
    time.sleep(_QUIET_S)
    began = time.perf_counter()
    exchange.ask("fill_tp1", place)
    return {TIME: Decimal(phone.told(place) - began)}


@contextmanager
def _phone() -> Iterator[_Phone]:
    phone = _Phone()
    thread = Thread(target=phone.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield phone
    finally:
        phone.server.shutdown()
        phone.server.server_close()
        thread.join()


TO_PHONE = Measurement(
    "to-phone",
    "A mirror's TP1 fills: real time until its owner's phone has it, 100 ms a round trip",
    _measure,
)
