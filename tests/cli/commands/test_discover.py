"""``trueup discover``: everything that is open, and whose it is."""

import pytest

from trueup.simulator import Fault, FaultKind, Simulator

from ..desk import LADDER, MAIN, MIRROR, SYMBOL, TEXT, Desk, reasons

MONITORS = "[[monitors]]" + TEXT.split("[[monitors]]", 1)[1]
IDS = [f"MIR_TP{n}_BANDUSDT_173780000000{n}_1111" for n in (1, 2)]


def without_monitors(desk: Desk) -> None:
    """A configuration that names accounts only, and whose engine takes no commands."""
    text = desk.text.split("[[monitors]]", 1)[0]
    desk.config.write_text(f"{text}\n[service]\nsocket = false\n", encoding="utf-8")


def rest_tps(sim: Simulator) -> None:
    """TP orders of an earlier bot for the mirror's long of 400."""
    for price, quantity, name in zip(("0.7200", "0.7400"), ("340", "60"), IDS, strict=True):
        sim.record_order(
            MIRROR,
            symbol=SYMBOL,
            side="Sell",
            orderType="Limit",
            qty=quantity,
            price=price,
            reduceOnly=True,
            orderLinkId=name,
        )


def test_it_works_without_monitors_and_leaves_nothing_behind(desk: Desk, sim: Simulator) -> None:
    without_monitors(desk)
    rest_tps(sim)
    result = desk("discover")
    assert result.exit_code == 1
    assert [" ".join(line.split()) for line in result.stdout.splitlines()] == [
        "account symbol side position watched owned adoptable external native stop ladder",
        "main BANDUSDT Buy 1000 no – – – – – no live TP orders to take over",
        "mirror BANDUSDT Buy 400 no – 400 (2) – – – live orders",
    ]
    assert list(desk.folder.iterdir()) == [desk.config]
    assert {request.method for request in sim.requests} == {"GET"}


def test_it_shows_what_waits_for_a_trigger_and_what_that_protects(
    desk: Desk, sim: Simulator
) -> None:
    """An earlier bot's stop for 300 of 400, and a take-profit that a person made conditional."""
    without_monitors(desk)
    for trigger, quantity, name in (
        ("0.60", "300", "MIR_SL_BANDUSDT_1753552439180"),
        ("0.9", "5", ""),
    ):
        sim.place_order(
            MIRROR,
            symbol=SYMBOL,
            side="Sell",
            orderType="Market",
            triggerPrice=trigger,
            triggerDirection=2 if trigger < "0.7" else 1,
            qty=quantity,
            orderLinkId=name,
            reduceOnly=True,
            stopOrderType="Stop",
        )
    shown = [" ".join(line.split()) for line in desk("discover").stdout.splitlines()]
    assert "mirror BANDUSDT Buy 400 no – – 0 (2) – 300 (1) no live" in shown[2]
    assert shown[-2:] == [
        "mirror BANDUSDT Buy: stop at 0.6, a known bot's (setup): protects 300",
        "mirror BANDUSDT Buy: take-profit at 0.9, without an id: for 5",
    ]
    (position,) = desk.json("discover", code=1)[1]["positions"]
    assert position["protected"] == "300"
    assert [(one["what"], one["whose"]) for one in position["waiting"]] == [
        ("stop", "a known bot's"),
        ("take-profit", "without an id"),
    ]


def test_after_a_run_everything_is_true(desk: Desk) -> None:
    desk.json("run", "--once")
    main, mirror = desk.json("discover")
    assert (main["true"], mirror["true"]) == (True, True)
    (position,) = mirror["positions"]
    assert (position["watched"], position["configured"], position["ladder_source"]) == (
        True,
        True,
        "main",
    )
    assert position["cover"] == {
        "owned": "400",
        "adoptable": "0",
        "foreign": "0",
        "native_take_profit": "0",
        "native_stop_loss": "0",
    }
    assert [order["id_says"] for order in position["orders"]["owned"]] == ["TP"] * 4


def test_an_earlier_bot_s_order_beside_our_own_is_told(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    rest_tps(sim)
    result = desk("discover")
    assert result.exit_code == 0
    assert (
        f"mirror BANDUSDT Buy: {IDS[0]} is a TP order of a known bot, 340 at 0.72, beside the "
        "monitor's own. It counts as external as long as those rest; cancel it manually if it is "
        "a leftover"
    ) in result.stdout.splitlines()
    (position,) = desk.json("discover")[1]["positions"]
    assert (len(position["missed"]), position["conflicts"]) == (2, [])
    assert len(position["orders"]["foreign"]) == 2


def test_watch_starts_what_can_be_watched_and_a_run_ends_true(desk: Desk, sim: Simulator) -> None:
    without_monitors(desk)
    rest_tps(sim)
    result = desk("discover", "--watch")
    assert result.exit_code == 1
    assert [" ".join(line.split()) for line in result.stdout.splitlines()[1:]] == [
        "main BANDUSDT Buy 1000 no – – – – – no live TP orders to take over",
        "mirror BANDUSDT Buy 400 discovered – 400 (2) – – – live orders",
    ]
    (run,) = desk.json("run", "--once")["runs"]
    assert (run["outcome"], run["covered"], run["writes"]) == ("SUCCESS", "400", 0)
    assert desk.json("discover", code=1)[1]["true"] is True


def test_watch_takes_the_main_s_ladder_where_nothing_is_live(desk: Desk) -> None:
    desk.write((MONITORS.format(ladder=LADDER).split("\n\n", 1)[1], ""))
    desk.json("run", "--once")
    main, mirror = desk.json("discover", "--watch", code=1)
    assert main["true"] is True
    (position,) = mirror["positions"]
    assert (position["watched"], position["ladder_source"]) == (True, "main")
    desk.write()
    assert desk.json("run", "--once")["true"] is True
    assert desk("discover").exit_code == 0


def test_an_account_that_cannot_be_read_is_said_and_is_exit_code_1(
    desk: Desk, sim: Simulator
) -> None:
    desk.json("run", "--once")
    sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", uid=MIRROR, times=None))
    result = desk("discover")
    assert result.exit_code == 1
    assert "mirror: could not be read: " in result.stdout
    assert "mirror BANDUSDT Buy: not known whether its position is open" in result.stdout
    assert "main     BANDUSDT  Buy   1000" in result.stdout


def test_an_exchange_that_does_not_answer_is_exit_code_1(lone: Desk) -> None:
    found = lone.json("discover", code=1)
    assert [(each["positions"], bool(each["unread"])) for each in found] == [([], True)] * 2


def test_an_absent_position_is_said(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    sim.set_position(MAIN, SYMBOL, "Buy", "0")
    result = desk("discover")
    assert result.exit_code == 0
    assert "main BANDUSDT Buy: no position, according to two reads" in result.stdout.splitlines()


@pytest.mark.parametrize("flag", ["--watch", "--json"])
def test_a_mistake_in_the_configuration_is_exit_code_2(lone: Desk, flag: str) -> None:
    lone.write(("[store]", '[recognition]\nadopt = "all"\n[store]'))
    result = lone("discover", flag)
    assert (result.exit_code, result.stdout) == (2, "")
    assert reasons(result.stderr) == (
        f"trueup: {lone.config}: recognition.adopt: Input should be 'known' or 'never'\n"
    )


def test_the_engine_wants_a_monitor(lone: Desk) -> None:
    without_monitors(lone)
    for command in (("run", "--once"), ("run",), ("plan",)):
        result = lone(*command)
        assert result.exit_code == 2
        said = f"trueup: {lone.config}: monitors: none is configured, discovered or imported, so"
        assert result.stderr.startswith(said)
        assert "`trueup discover --watch` watches it" in result.stderr
