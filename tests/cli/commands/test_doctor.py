"""``trueup doctor``: accounts and database are checked, nothing is sent, and it says what to do."""

import re
from datetime import UTC, datetime, timedelta

from trueup import Account, Ladder, Reconciler
from trueup.simulator import Fault, FaultKind, Simulator

from ..desk import KEYS, MAIN, MIRROR, SYMBOL, Desk


def key_of(sim: Simulator, name: str, **facts: object) -> None:
    """Changes the key of "MAIN" or "MIRROR"."""
    uid = {"MAIN": MAIN, "MIRROR": MIRROR}[name]
    key, secret = KEYS[f"{name}_KEY"], KEYS[f"{name}_SECRET"]
    sim.add_key(uid=uid, api_key=key, api_secret=secret, **facts)  # type: ignore[arg-type] # add_key checks them


def test_all_is_well_before_the_first_start(desk: Desk, sim: Simulator) -> None:
    result = desk("doctor")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == f"account main ({desk.url})"
    assert lines[1] == (
        "  ✅ key: UID 101; it may trade contracts, is bound to 127.0.0.1, and expires never"
    )
    assert lines[2].startswith("  ✅ clock: the exchange's clock is ")
    assert lines[3] == "  ✅ position mode: one_way, as configured"
    assert lines[-3:-1] == [
        f"database {desk.database}",
        "  ✅ schema: there is none yet: `trueup run` creates it",
    ]
    assert re.fullmatch(r"  ✅ writable: by this user, [\d,]+ MB are free", lines[-1])
    assert list(desk.folder.iterdir()) == [desk.config]
    assert {request.method for request in sim.requests} == {"GET"}


def test_it_works_beside_a_running_engine(desk: Desk) -> None:
    account = Account("main", KEYS["MAIN_KEY"], KEYS["MAIN_SECRET"], environment=desk.url)
    with Reconciler(f"sqlite:///{desk.database}", accounts=[account]) as engine:
        engine.reconcile(engine.watch("main", SYMBOL, "Buy", Ladder.of(("0.72", 100))))
        before = desk.database.stat().st_mtime_ns
        found = desk.json("doctor")
        assert desk.database.stat().st_mtime_ns == before
    schema, writable, owner = (check["text"] for check in found["database"])
    assert schema.endswith(", every page is whole")
    assert writable.startswith("by this user, ")
    assert owner.endswith("which runs")


def test_a_second_name_for_a_uid_is_refused(desk: Desk) -> None:
    desk.env |= {"MIRROR_KEY": KEYS["MAIN_KEY"], "MIRROR_SECRET": KEYS["MAIN_SECRET"]}
    main, mirror = desk.json("doctor", code=1)["accounts"]
    assert (main["refused"], mirror["refused"]) == (False, True)
    assert mirror["checks"][0]["weight"] == "refused"
    assert "the API key of account 'main'" in mirror["checks"][0]["text"]


def test_what_bars_or_endangers_an_account_is_named(desk: Desk, sim: Simulator) -> None:
    soon = datetime.now(UTC) + timedelta(days=5)
    key_of(sim, "MAIN", ips=(), expires_ms=int(soon.timestamp()) * 1000)
    key_of(sim, "MIRROR", read_only=True)
    sim.wall_skew_ms = 900
    main, mirror = desk.json("doctor", code=1)["accounts"]
    weights = [(check["what"], check["weight"]) for check in main["checks"]]
    assert weights[:4] == [
        ("key", "ok"),
        ("key", "warning"),
        ("key", "warning"),
        ("clock", "warning"),
    ]
    texts = " ".join(check["text"] for check in main["checks"])
    assert "bound to no IP address" in texts
    assert "in 5 days" in texts
    assert "NTP" in texts
    assert (main["uid"], mirror["uid"]) == ("101", "202")
    assert "may only read" in mirror["checks"][0]["text"]


def test_a_wrong_position_mode_is_refused(desk: Desk, sim: Simulator) -> None:
    sim.add_account(uid="303", api_key="hedged", api_secret="its-secret", hedge=True)
    sim.open_position("303", SYMBOL, "Buy", "10", "0.69")
    desk.env |= {"MIRROR_KEY": "hedged", "MIRROR_SECRET": "its-secret"}
    _, mirror = desk.json("doctor", code=1)["accounts"]
    assert 'set `position_mode = "hedge"`' in mirror["checks"][-1]["text"]


def test_an_exchange_that_is_away_is_asked_by_nobody_s_record(desk: Desk, sim: Simulator) -> None:
    desk.json("run", "--once")
    away = Fault(kind=FaultKind.SERVER_ERROR, path="user/query-api", times=None)
    sim.inject(away)
    main, _ = desk.json("doctor")["accounts"]
    assert "goes on by the record" in main["checks"][0]["text"]


def test_a_damaged_database_is_named_and_the_accounts_are_checked_all_the_same(desk: Desk) -> None:
    desk.database.write_bytes(b"not a database at all, whatever its name may say" * 100)
    found = desk.json("doctor", code=1)
    assert [account["refused"] for account in found["accounts"]] == [False, False]
    assert found["database"][0]["weight"] == "refused"
