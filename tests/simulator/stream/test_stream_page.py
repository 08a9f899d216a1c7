"""The page of the simulator names every topic and every fault of the streams."""

import re
from dataclasses import fields

from tests.docs.pages import text
from trueup.simulator import StreamFault, StreamFaultKind, Topic, build_scenario
from trueup.simulator.feeds.topics import PublicTopic

_KIND = re.compile(r"^\| `(\w+)` \| [^|]+ \|$", re.MULTILINE)


def _section(title: str) -> str:
    return text("simulator.md").split(f"## {title}\n")[1].split("\n## ")[0]


def test_every_kind_of_fault_and_every_field() -> None:
    page = _section("Stream faults")
    assert set(_KIND.findall(page)) == {kind.value for kind in StreamFaultKind}
    named = set(re.findall(r"`(\w+)(?:=\w+)?`", page)) | {"kind"}
    assert {field.name for field in fields(StreamFault)} <= named


def test_every_topic() -> None:
    page = _section("Private stream")
    assert [topic.value for topic in Topic if f"`{topic.value}`" not in page] == []


def test_every_public_topic() -> None:
    page = _section("Public stream")
    assert [topic.value for topic in PublicTopic if f"`{topic.value}." not in page] == []


def test_a_scenario_may_bring_faults_of_the_stream() -> None:
    sim = build_scenario({"faults": [{"kind": "silence", "times": 3}]})
    assert sim.streams == ()
