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
