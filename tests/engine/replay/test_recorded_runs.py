"""Recorded runs of histories that once broke a promise: the code decides as it did when it kept it.

A change that alters a decision on purpose carries the new recording:
``python -m chaos record SEED --into fixtures/runs``.
"""

from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from trueup import ConfigurationError
from trueup.engine.replay.case import read_case, replay_case

CASES = sorted((ROOT / "fixtures" / "runs").glob("*.json"))


def test_there_are_recorded_runs() -> None:
    assert len(CASES) > 5


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_recorded_run_is_decided_as_it_was(path: Path) -> None:
    replayed = replay_case(path)
    assert len(replayed.replayed) > 5
    assert "\n".join(replayed.differences) == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no case"),
        ("{}", "is no case"),
        ('{"trueup_case": 2}', "a newer trueup made it"),
        ('{"trueup_case": 1, "monitor": "x", "passes": [[{}]]}', "is no case"),
    ],
)
def test_what_is_no_case_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "case.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=says):
        read_case(path)


def test_a_case_with_a_damaged_record_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text('{"trueup_case":1,"monitor":"x","transcript":[],"passes":[[{}]]}', "utf-8")
    with pytest.raises(ConfigurationError, match="cannot be replayed"):
        replay_case(path)


def test_a_case_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        replay_case(tmp_path / "none.json")
