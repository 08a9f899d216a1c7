"""The unit, the container's file and the alerting rules: each as its own tool judges it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.packaging.building import ROOT, run
from trueup.service.measuring.figures import FIGURES, Kind

UNIT = ROOT / "docs" / "systemd" / "trueup.service"
RULES = ROOT / "docs" / "prometheus-rules.yml"
IMAGE = (ROOT / "Containerfile").read_text("utf-8")
EXPOSED = re.compile(r"exposure level for trueup\.service: (\d+\.\d+)")

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze"
)


@needs_systemd
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    here = UNIT.read_text("utf-8").replace("/opt/trueup/bin/trueup", f'"{sys.executable}"')
    unit.write_text(here, "utf-8")
    assert run("systemd-analyze", "verify", unit, cwd=tmp_path) == ""


@needs_systemd
def test_the_unit_is_hardly_exposed(tmp_path: Path) -> None:
    printed = run("systemd-analyze", "security", "--offline=true", UNIT, cwd=tmp_path)
    (level,) = EXPOSED.findall(printed)
    assert float(level) < 1.5


def test_a_linter_finds_nothing_in_the_container_s_file() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    if not hadolint.exists():
        pytest.skip("there is no hadolint for this machine")
    done = subprocess.run(  # noqa: S603 - a tool of the environment
        [hadolint, ROOT / "Containerfile"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_is_made_in_two_stages_and_runs_as_nobody_s_root() -> None:
    stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?$", IMAGE, re.MULTILINE)
    assert [name for _, name in stages] == ["build", ""]
    assert all(re.search(r":\d+\.\d+\.\d+-", image) for image, _ in stages)
    last = IMAGE[IMAGE.rindex("\nFROM ") :]
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)
    assert not re.search(r"^ADD ", IMAGE, re.MULTILINE)
    assert not re.search(r"(?i)(secret|token|password|api_key)\s*=", IMAGE)


def test_each_rule_asks_for_figures_that_there_are_and_says_what_to_do() -> None:
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    labels = {
        f"{figure.name}{part}": set(figure.labels)
        for figure in FIGURES
        for part in (("_sum", "_count") if figure.kind is Kind.HISTOGRAM else ("",))
    }
    assert len({rule["alert"] for rule in group["rules"]}) == len(group["rules"])
    for rule in group["rules"]:
        asked = set(re.findall(r"trueup_\w+", rule["expr"]))
        assert asked
        assert asked <= labels.keys(), rule["alert"]
        shown = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        assert shown <= set.union(*(labels[name] for name in asked)), rule["alert"]
        assert rule["annotations"]["action"]
        assert rule["labels"]["severity"] in ("warning", "critical")


@pytest.mark.skipif(shutil.which("promtool") is None, reason="there is no promtool")
def test_prometheus_takes_the_rules(tmp_path: Path) -> None:
    assert "SUCCESS" in run("promtool", "check", "rules", RULES, cwd=tmp_path)
