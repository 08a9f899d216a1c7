"""The commands on a database of PostgreSQL; what works on a file alone says what to do instead."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Server
from trueup.simulator import Simulator

from ..desk import MIRROR, Desk, reasons


@pytest.fixture
def server_url(postgres: Server) -> Iterator[str]:
    """The URL of an empty database."""
    with postgres.database(is_empty=True) as made:
        yield made


@pytest.fixture
def far(desk: Desk, server_url: str) -> Desk:
    """A desk whose database is on a server."""
    desk.write((f"sqlite:///{desk.database}", server_url))
    return desk


def test_it_runs_and_what_it_did_is_read(far: Desk, sim: Simulator) -> None:
    assert far("check").exit_code == 0
    assert far.json("doctor")["database"][0]["text"] == "it is empty yet: `trueup run` fills it"
    assert far("status").exit_code != 0
    report = far.json("run", "--once")
    first = next(order for order in sim.orders(MIRROR) if order.leaves == 340)
    sim.fill(MIRROR, first.order_id)
    far.json("run", "--once")
    assert "TP1 85 % at 0.72: filled, 0 of 0, 340 filled" in far("status").stdout
    assert report
    explained = far("explain", "mirror", "BANDUSDT", "Buy", "TP1")
    assert explained.exit_code == 0, explained.output
    assert "340" in explained.stdout
    assert far("history", "mirror", "BANDUSDT", "Buy").exit_code == 0
    assert far("replay", "--since", "2020-01-01").exit_code == 0
    assert far("plan").exit_code == 0
    assert [each["weight"] for each in far.json("doctor")["database"]] == ["ok", "ok"]


def test_it_is_paused_and_goes_on(far: Desk) -> None:
    far.json("run", "--once")
    assert far.json("pause", "mirror")["acknowledged"] is True
    assert "paused" in far("status").stdout
    assert far("resume", "mirror").stdout.startswith("ended: ")
    assert far("resume", "mirror").stdout.startswith("nothing is paused")


@pytest.mark.parametrize(
    ("command", "instead"),
    [
        (("backup", "copy.db"), "copy it by pg_dump"),
        (("verify",), "pg_amcheck"),
        (("prune",), "the engine removes old rows there by itself"),
    ],
)
def test_what_works_on_a_file_says_what_to_do_instead(
    far: Desk, tmp_path: Path, command: tuple[str, ...], instead: str
) -> None:
    far.json("run", "--once")
    result = far(command[0], *(str(tmp_path / name) for name in command[1:]))
    assert result.exit_code == 2
    assert "is a database on a server" in result.output
    assert instead in result.output
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("url", ["ann:s3cret@host/trueup", "host/trueup?password=s3cret"])
def test_a_password_is_not_written_into_the_configuration(lone: Desk, url: str) -> None:
    lone.write((f"sqlite:///{lone.database}", f"postgresql://{url}"))
    result = lone("check")
    assert result.exit_code == 2
    assert "this url has a password" in reasons(result.output)
    assert "PGPASSWORD" in result.output
    assert "s3cret" not in result.output


def test_a_server_that_does_not_answer_is_named_without_its_password(lone: Desk) -> None:
    lone.env["PGPASSWORD"] = "s3cret"
    result = lone.bare("status", "--db", "postgresql://ann:s3cret@127.0.0.1:1/trueup")
    assert result.exit_code != 0
    assert "postgresql://127.0.0.1:1/trueup cannot be used" in result.output
    assert "s3cret" not in result.output
