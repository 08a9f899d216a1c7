"""What the package index shows: metadata that is complete, and a page on which every link works."""

import re
from pathlib import Path

from readme_renderer.markdown import render

from tests.packaging.building import ROOT
from tests.packaging.environment import metadata


def test_the_page_renders_and_has_no_link_that_leads_nowhere(wheel: Path) -> None:
    said = metadata(wheel).metadata
    assert said["Description-Content-Type"] == "text/markdown"
    page = render(said["Description"])
    assert page is not None
    assert re.match(r"<h1[^>]*>trueup<", page)
    links = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    assert "![" not in said["Description"], "a picture beside the page does not show there"


def test_the_metadata_says_what_an_installer_and_a_reader_ask(wheel: Path) -> None:
    said = metadata(wheel).metadata
    assert (said["Requires-Python"], said["License-Expression"]) == (">=3.11", "MIT")
    assert said.get_all("License-File") == ["LICENSE"]
    versions = [
        line.rpartition(" ")[2] for line in said.get_all("Classifier") or () if ":: 3." in line
    ]
    assert versions == ["3.11", "3.12", "3.13", "3.14"]
    assert {"cli", "simulator", "testing", "web"} <= {*(said.get_all("Provides-Extra") or ())}


def test_the_page_says_what_the_readme_says(wheel: Path) -> None:
    words = re.sub(r"\s+", " ", (metadata(wheel).metadata["Description"]))
    headings = re.findall(r"^## (.+)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert all(f"## {heading}" in words for heading in headings)
