"""Take-profits fill at the very moment of a command: the ladder and the stop are true after it."""

import signal
from contextlib import suppress
from decimal import Decimal
from random import Random
from threading import Barrier, Thread
from typing import Any

import pytest

from trueup import Became, Client, Commanded
from trueup.simulator import Simulator

from ..desk import MAIN, SYMBOL, Desk
from .test_commanded import BARE, logged, started

ONE: tuple[str, str, str] = ("main", SYMBOL, "Buy")
COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("ladder", {"levels": [{"price": "0.72", "share": 60}, {"price": "0.74", "share": 40}]}),
    ("ladder", {"levels": [{"price": "0.73", "share": 50}, {"price": "0.75", "share": 50}]}),
    ("stop", {"stop": {"percent": "4"}}),
    ("stop", {"stop": {"percent": "6"}}),
    ("breakeven", {}),
    ("close", {"share": "10"}),
    ("pause", {}),
    ("resume", {}),
]


def fill_some(sim: Simulator, drawn: Random) -> None:
    """Fills parts of take-profits; one that the engine has just cancelled or filled does not."""
    for _ in range(3):
        orders = [one for one in sim.orders(MAIN) if one.reduce_only and not one.is_conditional]
        if orders:
            with suppress(LookupError):
                sim.fill(MAIN, drawn.choice(orders).order_id, str(drawn.randint(1, 9)))


@pytest.mark.parametrize("seed", range(3))
def test_fills_at_the_moment_of_commands(desk: Desk, sim: Simulator, seed: int) -> None:
    desk.write(BARE)
    process = started(desk)
    client = Client(desk.folder / "trueup.db.sock", by="ann")
    for kind, arguments in (COMMANDS[0], COMMANDS[3]):
        assert client.command(kind, *ONE, arguments=arguments).became is Became.DONE
    client.command("reconcile", *ONE)
    drawn = Random(seed)  # noqa: S311 - a test's
    script = [*COMMANDS, *drawn.choices(COMMANDS, k=4)]
    drawn.shuffle(script)
    answers: dict[str, Commanded] = {}
    together = Barrier(2)

    def press() -> None:
        for number, (kind, arguments) in enumerate(script):
            together.wait(60)
            name = f"{seed}-{number}"
            answers[name] = client.command(kind, *ONE, arguments=arguments, command_id=name)

    presses = Thread(target=press)
    presses.start()
    for _ in script:
        together.wait(60)
        fill_some(sim, drawn)
    presses.join()
    client.command("resume", *ONE)
    while client.command("reconcile", *ONE).became is not Became.UNCHANGED:
        pass
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 0
    assert {one.is_repeated for one in answers.values()} == {False}
    assert {one.became for one in answers.values()} <= set(Became) - {Became.UNKNOWN}
    given = [row for row in logged(desk) if str(row[0]) in answers]
    assert len(given) == len(script)
    assert all(row[3] for row in given)
    position = sim.position(MAIN, SYMBOL, "Buy")
    cover = sum((one.leaves for one in sim.orders(MAIN) if not one.is_conditional), Decimal(0))
    assert 0 < cover == position.size < 1000
    (monitor,) = (one for one in desk.json("status")["monitors"] if one["account"] == "main")
    assert (monitor["position_size"], monitor["covered_quantity"]) == (str(cover), str(cover))
    assert (monitor["stop"]["status"], monitor["stop"]["problem"]) == ("protected", "")
