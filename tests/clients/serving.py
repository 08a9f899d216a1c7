"""`trueup simulator` as a process of its own, and the hand that moves its market."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

SYMBOL, PRICE = "BTCUSDT", "60000"
UID, KEY, SECRET, DEPOSIT = "101", "main-key", "main-secret", "1000"
SCENARIO = f"""
[[instruments]]
symbol = "{SYMBOL}"
tick = "0.1"
step = "0.001"
min_quantity = "0.001"
max_quantity = "1190"
price = "{PRICE}"
funding_rate = "0.0001"

[[accounts]]
uid = "{UID}"
api_key = "{KEY}"
api_secret = "{SECRET}"
balance = {{ USDT = "{DEPOSIT}" }}
"""


@contextmanager
def served(folder: Path, more: str = "") -> Iterator[str]:
    """A simulator with one contract and one account of 1,000 USDT, and more; its address."""
    scenario = folder / "scenario.toml"
    scenario.write_text(SCENARIO + more, encoding="utf-8")
    command = (sys.executable, "-um", "trueup", "simulator", "--scenario", scenario)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[0]
        finally:
            process.terminate()
            process.communicate(timeout=20)


def control(url: str, name: str, **values: object) -> None:
    """Do something to the exchange that is no client's business: move its market or its clock."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{url}/control/{name}", json=values, timeout=10)
    assert answer.status_code == 200, answer.text
