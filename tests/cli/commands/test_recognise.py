"""``trueup recognise``: what ids alone suggest."""

import json
from typing import Any

from typer.testing import CliRunner

from tests.domain.recognition.test_classify import read
from trueup.cli.main import app

TP = "MIR_TP1_BANDUSDT_1737809937842_7432"
SL = "BOT_TPSL_NOTUSDT_1753873881048_9747"


def recognised(*ids: str, stdin: str | bytes | None = None) -> list[dict[str, Any]]:
    """What the command says of the ids, as JSON."""
    result = CliRunner().invoke(app, ["recognise", "--json", *ids], input=stdin)
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_a_table_of_ids() -> None:
    result = CliRunner().invoke(app, ["recognise", TP, SL, "my own", ""])
    assert result.exit_code == 0
    assert [" ".join(line.split()) for line in result.stdout.splitlines()] == [
        "id kind level account family",
        f"{TP} TP 1 mirror rebalance",
        f"{SL} SL – main rebalance",
        "my own FOREIGN – – –",
        "(empty) FOREIGN – – –",
    ]


def test_ids_as_json() -> None:
    assert recognised(TP, "0aeb9057_LIMIT2") == [
        {
            "id": TP,
            "kind": "TP",
            "level": 1,
            "account": "mirror",
            "family": "rebalance",
            "entry": None,
        },
        {
            "id": "0aeb9057_LIMIT2",
            "kind": "ENTRY",
            "level": None,
            "account": "main",
            "family": "entry, no bot prefix",
            "entry": 2,
        },
    ]


def test_ids_on_standard_input_are_one_a_line() -> None:
    found = recognised(stdin=f"{TP}\r\n\n{SL}\n")
    assert [(each["id"], each["kind"]) for each in found] == [
        (TP, "TP"),
        ("", "FOREIGN"),
        (SL, "SL"),
    ]
    assert recognised(stdin="") == []


def test_any_bytes_on_standard_input_are_foreign() -> None:
    found = recognised(stdin=b"\xff\xfe" + TP.encode() + b"\nT\xc3\xa9l\n\x00\n")
    assert [each["kind"] for each in found] == ["FOREIGN"] * 3


def test_every_id_of_the_real_cases() -> None:
    rows: list[dict[str, Any]] = json.loads(read("order_link_ids.json"))["rows"]
    found = recognised(stdin="".join(f"{row['id']}\n" for row in rows))
    told = [(each["id"], each["kind"], each["level"], each["family"]) for each in found]
    expected = [(row["id"], row["expect"]) for row in rows]
    assert told == [(name, e["kind"], e["tp"], e["origin"]) for name, e in expected]
