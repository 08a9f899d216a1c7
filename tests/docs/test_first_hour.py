"""The first five minutes: a shell runs the page's commands as they stand there."""

from pathlib import Path

import pytest

from tests.docs.pages import blocks, text
from tests.docs.shell import ADDRESS, beside_a_simulator, until_true


@pytest.mark.timeout(300)
def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    with beside_a_simulator(tmp_path) as (shell, url):
        code = [one.replace(ADDRESS, url) for one in blocks(text("first-hour.md"), "sh")]
        first, start, look, kill, look_again, _why, end = code
        assert shell(first)[0] == 0
        assert shell(start)[0] == 0
        assert "the ladder asks for" in until_true(shell, look)
        assert shell(kill)[0] == 0
        again = until_true(shell, look_again)
        assert "amend TP1: 0.05 → 0.1" in again, again
        assert shell(f"{end}wait $(cat trueup.pid)")[0] == 0
