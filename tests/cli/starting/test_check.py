"""``trueup check`` warns of what does not fit a position that is on record."""

from ..desk import LADDER, Desk


def test_take_profits_on_the_losing_side_of_the_entry_are_warned_of(desk: Desk) -> None:
    lossy = LADDER.replace("0.7200", "0.6900")
    desk.write((LADDER, lossy))
    before = desk("check")
    assert (before.exit_code, before.stderr) == (0, ""), "no position is known yet"
    desk.write()
    desk.json("run", "--once")
    assert desk("check").stderr == ""
    desk.write((LADDER, lossy))
    warned = desk("check")
    assert warned.exit_code == 0
    assert warned.stderr == (
        "trueup: warning: main BANDUSDT Buy: TP1 at 0.69 is on the losing side of the entry 0.695 "
        "of a Buy position, as last read; see `trueup plan`\n"
    )


RULE = """ladder = [{percent = 1, share = 60}, {percent = "2.5", share = 40}]
stop = {percent = 5}"""
IN_R = """ladder = [{r = 1, share = 60}, {r = 2, share = 40}]
stop = {price = "0.66"}"""


def test_an_entry_that_is_given_needs_no_position(desk: Desk) -> None:
    lossy = LADDER.replace("0.7200", "0.6900")
    desk.write((LADDER, lossy))
    told = desk("check", "--entry", "0.695")
    assert told.exit_code == 0
    assert told.stderr == (
        "trueup: warning: main BANDUSDT Buy at the entry 0.695: TP1 at 0.69 is on the losing side "
        "of the entry 0.695 of a Buy position\n"
    )
    assert desk("check", "--entry", "BANDUSDT=0.685").stderr == ""


def test_a_ladder_in_percent_and_its_stop_are_shown_in_prices(desk: Desk) -> None:
    desk.write((LADDER, RULE))
    told = desk("check", "--entry", "0.7")
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout.splitlines()[0] == (
        "main BANDUSDT Buy at the entry 0.7: TP1 60 % at 0.707, TP2 40 % at 0.7175; stop at 0.665"
    )
    assert len(told.stdout.splitlines()) == 2, "of a mirror that copies there is nothing to say"


def test_a_ladder_in_r_and_a_stop_on_the_wrong_side_are_warned_of(desk: Desk) -> None:
    desk.write((LADDER, IN_R))
    good = desk("check", "--entry", "0.7")
    assert "TP1 60 % at 0.74, TP2 40 % at 0.78; stop at 0.66" in good.stdout
    bad = desk("check", "--entry", "0.65")
    assert bad.exit_code == 0
    assert "the stop at 0.66 is on the winning side of the entry 0.65 of a Buy pos" in bad.stderr
    assert "a ladder in R needs a first stop on the losing side of the entry 0.65" in bad.stderr


def test_a_ladder_in_r_is_warned_of_by_the_position_on_record(desk: Desk) -> None:
    desk.json("run", "--once")
    desk.write((LADDER, IN_R.replace("0.66", "0.70")))
    warned = desk("check").stderr
    assert "a ladder in R needs a first stop on the losing side of the entry 0.695" in warned
    assert "as last read" in warned


def test_a_short_whose_levels_come_to_no_price_is_warned_of(desk: Desk) -> None:
    far = """ladder = [{percent = 50, share = 60}, {percent = 100, share = 40}]"""
    desk.write((LADDER, far), ('side = "Buy"', 'side = "Sell"'))
    assert "TP2's price" in desk("check", "--entry", "0.7").stderr


def test_an_entry_that_is_none_is_named(desk: Desk) -> None:
    assert "BANDUSDT=x: the price" in desk("check", "--entry", "BANDUSDT=x").stderr
    unknown = desk("check", "--entry", "BTCUSDT=1")
    assert unknown.exit_code == 2
    assert "no monitor of the file is of 'BTCUSDT'; there are BANDUSDT" in unknown.stderr
