"""Commands to a running engine: ``python -m examples.control_client trueup.db.sock``."""
# ruff: noqa: T201 - an example shows what it does

import sys

from trueup import Client


def main(socket_path: str) -> None:
    """Pause a monitor for the news, and print what became of it."""
    client = Client(socket_path, by="ann")
    answer = client.command("pause", "main", "BANDUSDT", "Buy", reason="news")
    print(answer.became, answer.parts[0].detail)


if __name__ == "__main__":
    main(sys.argv[1])
