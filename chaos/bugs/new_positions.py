"""Bugs in how trueup tells a new position from the one on record."""

from dataclasses import replace

from trueup.domain.model.instrument import ZERO
from trueup.domain.model.record import PositionAnchor
from trueup.domain.tracking.continuity import Continuity, Evidence, Verdict
from trueup.domain.tracking.continuity import continuity_of as rightly
from trueup.states.work import continuity

from ..judge.final_state import WholeCover
from .planted import Bug


def _never_new(evidence: Evidence) -> Verdict:
    verdict = rightly(evidence)
    if evidence.anchor is None or not evidence.anchor.size:
        return verdict
    now = replace(evidence.anchor, size=evidence.observed.size, at_ms=evidence.observed.updated_ms)
    return Verdict(Continuity.SAME, "its side is the same", now)


def _new_if_grown(evidence: Evidence) -> Verdict:
    observed, anchor = evidence.observed, evidence.anchor
    if anchor is None or not ZERO < anchor.size < observed.size:
        return rightly(evidence)
    now = PositionAnchor(observed.size, observed.updated_ms, observed.seq, observed.updated_ms)
    return Verdict(Continuity.NEW, "it is larger", now)


NEW_POSITION_BUGS = (
    Bug(
        "new position inherits finished levels",
        (WholeCover.name,),
        lambda *_: ((continuity, "continuity_of", _never_new),),
    ),
    Bug(
        "grown position counted as a new one",
        (WholeCover.name,),
        lambda *_: ((continuity, "continuity_of", _new_if_grown),),
    ),
)
