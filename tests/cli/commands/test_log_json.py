"""``trueup run --log-json``: every line on stderr is an object, for programs that collect logs."""

import json

from ..desk import KEYS, SYMBOL, Desk


def test_every_line_is_an_object_and_alerts_are_too(desk: Desk) -> None:
    process = desk.process("run", "--once", "--log-json", "--verbose")
    _, stderr = process.communicate()
    said = [json.loads(line) for line in stderr.splitlines()]
    assert process.returncode == 0
    assert all({"time", "level", "message"} <= each.keys() for each in said)
    alert = next(each for each in said if each["level"] == "ALERT")
    assert (alert["symbol"], alert["side"]) == (SYMBOL, "Buy")
    about = next(each for each in said if each["level"] == "INFO" and "run" in each)
    assert about["account"] in ("main", "mirror")
    assert not any(secret in stderr for secret in KEYS.values())


def test_a_mistake_is_an_object(lone: Desk) -> None:
    lone.config.write_text("[store", "utf-8")
    process = lone.process("run", "--log-json")
    _, stderr = process.communicate()
    assert process.returncode == 2
    said = json.loads(stderr)
    assert (said["level"], "it is not TOML" in said["message"]) == ("ERROR", True)
