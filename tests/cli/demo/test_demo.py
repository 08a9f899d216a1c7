"""The seed's story comes out of the command line, and stands in the database."""

import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from docs.writers.ten_questions import ANSWERS
from trueup.cli.main import app

LADDER = [("0.6528", "783.6"), ("0.64", "46.1"), ("0.62", "46.1"), ("0.6", "46.1")]
ACT_ONE = (
    "Validating TP orders for BANDUSDT (MIRROR)",
    "Found 2 active orders on exchange",
    "Removing stale TP order",
    "Generated OrderLinkID: MIR_TP3_BANDUSDT_",
    "TP1 REBALANCED SUCCESSFULLY: 261.2 → 783.6 (85% of 921.9)",
    "TP1: 261.2→783.6 ✅",
    "🪞 Account: MIRROR",
    "TP Orders Processed: 4/4",
)
LATER_ACTS = (
    "Adopted MIR_TP4_KSMUSDT_1753710163050 as TP1",
    "the exchange answered 110072",
    "already rests: adopted",
    "the exchange answered 110001",
    "SELECT * FROM monitor_status",
)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The demo's output and its database."""
    database = tmp_path_factory.mktemp("a demo") / "demo.db"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "trueup", "demo", "--fast", "--db", str(database)],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout, database


def test_the_story_is_told(played: tuple[str, Path]) -> None:
    output, _ = played
    assert [line for line in (*ACT_ONE, *LATER_ACTS) if line not in output] == []


def test_the_first_act_ends_with_the_seed_s_ladder(played: tuple[str, Path]) -> None:
    output, database = played
    act = output[output.index("Act 1") : output.index("Act 2")]
    assert "position 921.9, covered 921.9" in act
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        intents = connection.execute(
            "SELECT level, quantity, status FROM intent_log WHERE symbol = 'BANDUSDT'"
            " AND account = 'mirror' ORDER BY number LIMIT 8"
        ).fetchall()
    connection.close()
    assert [(n, quantity) for n, quantity, _ in intents[4:]] == [
        (number, quantity) for number, (_, quantity) in enumerate(LADDER, start=1)
    ]
    assert {status for _, _, status in intents} == {"confirmed"}


def test_the_fifth_act_is_live_and_tells_what_it_measured(played: tuple[str, Path]) -> None:
    output, database = played
    act = output[output.index("Act 5") : output.index("Act 6")]
    streamed, swept = act.split("Streams off")
    first, second = (
        [(float(ms), what) for ms, what in re.findall(r"^ +([\d.]+) ms  (.+)$", part, re.MULTILINE)]
        for part in (streamed, swept)
    )
    assert [what for _, what in first] == [
        "an entry of 614.6 fills: the short is 921.9",
        "the private stream reports it",
        "the exchange has the request: 4 TP orders, 307.3 → 921.9",
        "the ladder is true: 921.9 of 921.9 covered",
        "the run is over: SUCCESS, verified, on record",
    ]
    assert [what for _, what in second][1::2] == [
        "a sweep finds it",
        "the ladder is true: 1229.2 of 1229.2 covered",
    ]
    for times in ([ms for ms, _ in part] for part in (first, second)):
        assert times[0] == 0
        assert times == sorted(times)
    assert "on the wire   no read; POST /v5/order/amend-batch (4 orders)\n" in streamed
    assert re.search(r"on the wire +\d+ reads; POST /v5/order/amend-batch \(4 orders\)\n", swept)
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        reads = connection.execute(
            "SELECT COUNT(*) FROM account_status WHERE view_state = 'swept'"
        ).fetchone()
    connection.close()
    assert reads == (2,)


def test_the_last_act_kills_a_process_and_the_stop_is_there_once(
    played: tuple[str, Path],
) -> None:
    """0.08 % of the mirror's entry, 0.68, is 0.000544: 0.6794, whatever the main's entry is."""
    output, database = played
    act = " ".join(output[output.index("Act 6") :].split())
    assert "TP1 fills. The exchange has 1 stop: 0.714 for 46.1." in act
    assert "(kill -9, status -9) before the exchange replied." in act
    assert "the stop goes to 0.6794 (breakeven after TP1), planned." in act
    ends = "Requests it sent to change anything: 0. The exchange has 1 stop: 0.6794 for 46.1."
    assert ends in act
    assert "stop moved: 0.714 → 0.6794" in act
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT symbol, price, status, pending FROM stop_status")
        assert rows.fetchall() == [("JTOUSDT", "0.6794", "protected", 0)]
    connection.close()


def test_no_link_id_was_used_twice_and_every_alert_was_delivered(
    played: tuple[str, Path],
) -> None:
    _, database = played
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        orders = connection.execute(
            "SELECT COUNT(*), COUNT(DISTINCT order_link_id) FROM level_status"
        ).fetchone()
        waiting = connection.execute(
            "SELECT COUNT(*) FROM alert_log WHERE delivered_at IS NULL"
        ).fetchone()
    connection.close()
    assert orders == (19, 19)
    assert waiting == (0,)


def test_questions_are_answered_by_its_database(played: tuple[str, Path]) -> None:
    _, database = played
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        found = {one.asks: connection.execute(one.sql).fetchall() for one in ANSWERS if one.sql}
    connection.close()
    twice = found["What was sent twice?"]
    assert [(row[:3], row[4]) for row in twice] == [(("main", "BANDUSDT", "Sell"), 2)] * 4
    assert all(row[5].endswith("duplicate-link-id") for row in twice)
    assert {row[5] for row in found["What was the exchange's reply?"]} == {110001}
    ladders = found["Who changed the ladder, and to what?"]
    assert ladders[-1][3] == "85 % at 0.6528, 5 % at 0.64, 10 % at 0.62"
    assert len(found["When did the engine run, and in which version?"]) == 2
    assert len(found["When was a position last read, and before that?"]) == 2
    assert found["Which alerts are undelivered?"] == []


def test_one_command_says_why_tp2_changed(played: tuple[str, Path]) -> None:
    _, database = played
    args = ["explain", "mirror", "BANDUSDT", "Sell", "TP2", "--db", f"sqlite:///{database}"]
    page = CliRunner().invoke(app, args).stdout
    assert "amend 15.4 → 46.1" in page
    assert "its order covered 15.4, and the ladder asks for 46.1" in page


def test_this_version_would_have_done_the_same(played: tuple[str, Path]) -> None:
    _, database = played
    (command,) = (one.command for one in ANSWERS if "would this version" in one.asks)
    _, *args = shlex.split(command)
    shown = CliRunner().invoke(app, [*args, "--db", f"sqlite:///{database}"])
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        (runs,) = connection.execute("SELECT count(DISTINCT run_id) FROM transition_log").fetchone()
    connection.close()
    assert (shown.exit_code, shown.stdout) == (0, f"replayed {runs}, differing 0\n")


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="there is no sqlite3 program here")
def test_the_sqlite3_program_reads_it(played: tuple[str, Path]) -> None:
    _, database = played
    question = (
        "SELECT account, symbol, side, position_size, covered_quantity, coverage_pct, last_outcome"
        " FROM monitor_status ORDER BY account, symbol"
    )
    done = subprocess.run(  # noqa: S603 - reads our own file
        ["sqlite3", str(database), question],  # noqa: S607 - the people's own program
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "main|BANDUSDT|Sell|2400|2400|100|SUCCESS",
        "mirror|BANDUSDT|Sell|921.9|921.9|100|SUCCESS",
        "mirror|ENAUSDT|Sell|1229.2|1229.2|100|SUCCESS",
        "mirror|JTOUSDT|Sell|46.1|46.1|100|SUCCESS",
        "mirror|KSMUSDT|Buy|6|6|100|SUCCESS",
    ]
