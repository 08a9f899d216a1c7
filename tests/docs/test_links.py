"""Every link leads somewhere."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, PAGES, ROOT, prose

_LINK = re.compile(r"\[[^\]]+\]\(([^)]+)\)")
_CODE_PATH = re.compile(
    r"`((?:domain|states|engine|adapters|storage|cli|simulator|testing|chaos|oracle|bench|tests|docs"
    r"|examples|fixtures)/[\w./-]*)`"
)


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


def _is_there(page: Path, link: str) -> bool:
    if link.startswith("https://"):
        return True
    name, _, anchor = link.partition("#")
    path = (page.parent / name).resolve() if name else page
    if not path.exists():
        return False
    if re.fullmatch(r"L\d+", anchor):
        return int(anchor[1:]) <= len(path.read_text("utf-8").splitlines())
    return not anchor or anchor in _anchors(path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = _LINK.findall(prose(page.read_text("utf-8")))
    assert [link for link in links if not _is_there(page, link)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_are_there(page: Path) -> None:
    named = _CODE_PATH.findall(page.read_text("utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_index_names_every_page() -> None:
    linked = _LINK.findall((DOCS / "README.md").read_text("utf-8"))
    pages = {path.name for path in DOCS.glob("*.md")} - {"README.md"}
    assert pages - set(linked) == set()
