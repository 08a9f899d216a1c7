"""``trueup prune``."""

from ..desk import Desk


def test_nothing_is_old_enough(desk: Desk) -> None:
    desk("run", "--once")
    done = desk("prune")
    assert (done.exit_code, done.stdout.startswith("no rows were removed from")) == (0, True)


def test_what_the_configuration_keeps_stays(desk: Desk) -> None:
    for _ in range(3):
        desk("run", "--once")
    with desk.config.open("a", encoding="utf-8") as file:
        file.write("\n[retention]\nengine_start_rows = 1\njournal_rows = 1\n")
    counted = desk.json("prune", "--dry-run")["rows"]
    assert counted["journal"] > 0
    assert desk.json("prune")["rows"] == counted
    assert desk.json("prune")["rows"]["journal"] == 0
    assert desk("verify").exit_code == 0
