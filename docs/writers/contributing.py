"""``CONTRIBUTING.md``: written by hand, except for the map of the house."""

from ..house.rooms import ROOT, survey
from ..house.text import house
from ..markdown import between, fenced

_BEGIN = "<!-- The map: written by docs/generate.py, from the code; run `make docs`. -->"
_END = "<!-- End of the map. -->"


def contributing() -> str:
    """The page as it is, with the map as it should be."""
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return between(page, _BEGIN, _END, fenced(house(survey()), "text"))
