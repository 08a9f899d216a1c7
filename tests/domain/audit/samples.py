"""A run that amends TP1, as it is on record."""

from dataclasses import replace
from decimal import Decimal

from tests.storage.samples import KEY, NOON, intent
from trueup.domain.audit.transcript import Transcript
from trueup.domain.model.alert import Alert
from trueup.domain.model.commands import Operation
from trueup.domain.model.events import LevelFilled, Trade, Uncovered
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.journal import Decision, ExchangeCall, Transition
from trueup.domain.model.record import RunOutcome, StateName

LINK = "MIR_TP1_BANDUSDT_1737809937842_7432"
ORDER = "f58f5170-24b2-471a-920f-4a7690ac1023"


def amending(
    run_id: str = "r1", link: str = LINK, order: str = ORDER, quantity: str = "783.6"
) -> Transcript:
    """TP1 is amended and confirmed; its order has these ids."""
    write = replace(
        intent(f"{run_id}-1"),
        run_id=run_id,
        operation=Operation.AMEND,
        order_link_id=link,
        order_id=order,
        price=None,
        quantity=Decimal(quantity),
        status=IntentStatus.CONFIRMED,
    )
    return Transcript(
        run_id,
        transitions=(
            Transition(run_id, StateName.IDLE, "wake", StateName.VALIDATING, NOON, "caller"),
            Transition(run_id, StateName.VALIDATING, "short", StateName.PLACING, NOON),
        ),
        decisions=(
            Decision(run_id, StateName.PLACING, f"🔄 Order {order[:8]}... is open", NOON),
            Decision(run_id, StateName.PLACING, f"⏳ Waiting until {NOON:%H:%M:%S}: room", NOON),
        ),
        calls=(
            ExchangeCall(run_id, "observe", "", "complete", None, 41, NOON, "size 921.9"),
            ExchangeCall(run_id, "amend", link, "already-gone", 110001, 12, NOON, "too late"),
            ExchangeCall(run_id, "look_up", order, "found", None, 9, NOON, "OPEN 0/261.2"),
        ),
        intents=(write,),
        events=(
            LevelFilled(
                2,
                Decimal("15.4"),
                Decimal("0.64"),
                Decimal(0),
                "MIR_TP2",
                executions=(Trade("e-1", Decimal("15.4")),),
            ),
            Uncovered(NOON, Decimal(5), "the key was refused"),
        ),
        alert=Alert(run_id, KEY, RunOutcome.SUCCESS, f"TP1: 261.2→{quantity}\n{run_id}", NOON),
    )
