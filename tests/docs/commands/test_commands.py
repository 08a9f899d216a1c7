"""Every block of commands on every page is run from the wheel, or says why it is not."""

from collections.abc import Mapping
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pytest

from tests.docs.commands.blocks import Block, every_block, printed_by
from tests.docs.commands.playing import Play, marked, marks_of
from tests.docs.commands.settings import NOT_PRINTED, NOT_RUN, SETTINGS, Setting

BLOCKS = [*every_block()]
BY_PAGE = {page: [*blocks] for page, blocks in groupby(BLOCKS, attrgetter("page"))}
PLAYED = {
    page: blocks
    for page, blocks in BY_PAGE.items()
    if any(block.is_commands and not marked(block, NOT_RUN) for block in blocks)
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", PLAYED)
def test_the_commands_of_a_page(page: str, programs: Path, tmp_path: Path) -> None:
    setting = SETTINGS.get(page, Setting())
    play = Play(tmp_path, programs, setting)
    try:
        play.page(PLAYED[page])
    finally:
        play.close()
    rest = play.said
    for words in setting.shows:
        _, found, rest = rest.partition(words)
        assert found, play.said
    for block in PLAYED[page]:
        if block.printed and (block.is_commands or block.language == "text"):
            is_left = block.language == "sh" or marked(block, NOT_PRINTED)
            assert is_left or printed_by(play.said, block.printed), (block.printed, play.said)


def test_every_block_says_its_language() -> None:
    assert [block for block in BLOCKS if not block.language] == []


@pytest.mark.parametrize("marks", [NOT_RUN, NOT_PRINTED])
def test_every_mark_is_for_one_block_and_gives_a_reason(
    marks: Mapping[tuple[str, str], str],
) -> None:
    for_blocks = [mark for block in BLOCKS for mark in marks_of(block, marks)]
    assert sorted(for_blocks) == sorted(marks)
    assert all(marks.values())


def test_every_setting_is_for_a_page_that_is_played() -> None:
    assert set(SETTINGS) - set(PLAYED) == set()


def test_a_page_that_is_new_is_played_by_itself() -> None:
    new = Block("docs/new.md", "sh", "trueup status\n")
    assert new.is_commands
    assert not marked(new, NOT_RUN)
