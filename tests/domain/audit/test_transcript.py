"""A transcript says everything that a run did, and nothing of when."""

from dataclasses import replace
from datetime import timedelta

from tests.storage.samples import KEY, LADDER, NOON, alert, call, decision, intent, transition
from trueup.domain.audit.transcript import Transcript, rendered
from trueup.domain.model.identity import Role
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.record import MonitorRecord
from trueup.domain.store import Step

from .samples import LINK, ORDER, amending


def test_a_transcript_has_a_line_for_each_entry() -> None:
    assert rendered(amending()) == (
        "══ r1",
        "steps",
        "  Idle ──wake──▶ Validating  (caller)",
        "  Validating ──short──▶ Placing",
        "decisions",
        f"  Placing     🔄 Order {ORDER[:8]}... is open",
        "  Placing     ⏳ Waiting until 12:00:00: room",
        "calls",
        f"  observe  {'-':<36} complete  (size 921.9)",
        f"  amend    {LINK:<36} already-gone 110001  (too late)",
        f"  look_up  {ORDER} found  (OPEN 0/261.2)",
        "intents",
        f"  amend  TP1 {LINK:<36} confirmed to 783.6",
        "events",
        "  💰 TP2 filled: 15.4 at 0.64  (MIR_TP2, 15.4 in e-1)",
        "  🕳️ 5 of the position became uncovered  (the key was refused)",
        "alert",
        "  SUCCESS",
        "  TP1: 261.2→783.6",
        "  r1",
    )


def test_a_part_without_an_entry_has_no_line() -> None:
    assert rendered(Transcript("r1")) == ("══ r1",)


def test_a_transcript_does_not_say_when() -> None:
    run, later = amending(), NOON + timedelta(days=1)
    moved = replace(
        run,
        transitions=tuple(replace(one, at=later) for one in run.transitions),
        calls=tuple(replace(one, at=later, latency_ms=999) for one in run.calls),
    )
    assert rendered(moved) == rendered(run)


def test_the_steps_of_a_run_make_its_transcript() -> None:
    record = MonitorRecord(id=1, key=KEY, role=Role.MIRROR, follows="main", ladder=LADDER)
    planned, other = intent("r1-1"), intent("r1-2")
    ended = replace(planned, status=IntentStatus.CONFIRMED)
    steps = (
        Step(record, transitions=(transition(),), calls=(call(),), intents=(planned, other)),
        Step(record, decisions=(decision(),), intents=(ended,), alert=alert()),
    )
    assert Transcript.of("r1", steps) == Transcript(
        "r1", (transition(),), (decision(),), (call(),), (ended, other), (), alert()
    )
