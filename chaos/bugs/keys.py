"""Bugs in what trueup makes of API keys."""

from dataclasses import replace
from typing import Any

from trueup.domain.keys.judgement import Verdict, judge
from trueup.engine.keys import gate

from ..judge.never_twice import IdentifiedFirst, NeverTwice
from .planted import Bug


def _trusting(*given: Any) -> Verdict:  # noqa: ANN401 - judge's own
    return replace(judge(*given), barred="")


KEY_BUGS = (
    Bug(
        "two names for one UID both write",
        (NeverTwice.name,),
        lambda *_: ((gate, "barred_twin", lambda *_args, **_options: ""),),
    ),
    Bug(
        "a key that was never identified writes",
        (IdentifiedFirst.name,),
        lambda *_: ((gate, "judge", _trusting),),
    ),
)
