"""Beside a bot: a shell runs the page's commands as they stand there; the example is the bot."""

from pathlib import Path

import pytest

from examples.beside_my_bot import main
from tests.docs.pages import blocks, text
from tests.docs.shell import ADDRESS, beside_a_simulator, until_true


@pytest.mark.timeout(300)
def test_the_page_does_what_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = text("beside-my-bot.md")
    (configuration,) = blocks(page, "toml")
    start, look, change, end = blocks(page, "sh")
    with beside_a_simulator(tmp_path) as (shell, url):
        file = tmp_path / "trueup.toml"
        file.write_text(configuration.replace(ADDRESS, url), encoding="utf-8")
        code, said = shell(start)
        assert code == 0, said
        while shell("curl -s --unix-socket trueup.db.sock http://localhost/healthz")[0]:
            assert shell("kill -0 $(cat trueup.pid)")[0] == 0
        main(url, str(tmp_path / "trueup.db.sock"))
        assert capsys.readouterr().out == "done watched\n"
        assert "the ladder asks for" in until_true(shell, look)
        code, said = shell(change)
        assert code == 0, said
        assert "main BTCUSDT Buy: done" in said
        assert "0.05" in until_true(shell, look)
        assert shell(f"{end}wait $(cat trueup.pid)")[0] == 0
