"""The lines of alerts, each with its cause and what to do about it."""

from .alert_text import ALL_CLEAR
from .event_explanations import BY_HAND, HAPPENED, OTHERS
from .explanations import TRY_AGAIN, ExplainedLine, explained
from .key_lines import KEYS, STOPPED

_LADDER = "Correct the ladder and load it again."


def explain(line: str) -> ExplainedLine | None:
    """The first explanation that fits the line; None where nobody explains it."""
    return next((each for each in LINES if each.fits(line)), None)


BLIND = (
    explained(
        "the exchange could not be read: …",
        "Position or orders could not be read within the retry budget; nothing was sent.",
        TRY_AGAIN,
    ),
    explained(
        "the instrument's rules could not be read: …",
        "Without the contract's tick and step no order can be computed. Where trueup had read them "
        "before, orders still grow to cover what is uncovered; none shrinks or is cancelled.",
        TRY_AGAIN,
    ),
    explained(
        "the orders could not be read: …",
        "The position was read, the orders were not; nothing was sent.",
        TRY_AGAIN,
    ),
    explained(
        "the position seems closed, but a second read failed: …",
        "trueup believes that a position is closed only after two reads; it cancelled nothing.",
        TRY_AGAIN,
    ),
    explained(
        "UNVERIFIED: the orders could not be read (…)",
        "The position was read, the orders were not: trueup grew orders on record, within the "
        "position, and could not see the effect.",
        TRY_AGAIN,
    ),
    explained(
        "UNVERIFIED: in no list, but the exchange does not say that it is gone: …",
        "No list shows an order that it had shown before; trueup amended what is on record, within "
        "the position, and could not see the effect.",
        TRY_AGAIN,
    ),
    explained(
        "no order can be amended while the orders are unread: …",
        "What the position needs takes a read of the orders; nothing was sent.",
        TRY_AGAIN,
    ),
    explained(
        "an earlier write may still take effect",
        "A write of unknown outcome was waited for until the run had used up its requests; nothing "
        "is decided before it is known.",
        "Nothing: the next run waits on.",
    ),
    explained(
        "the result could not be read: …",
        "The exchange acknowledged the writes and then could not be read.",
        "Nothing: the next run verifies them.",
    ),
)

SKIPPED = (
    explained(
        "no ladder: …",
        "The position is open and no source gives a ladder: not the record, not live orders, not "
        "the main account.",
        "Give the monitor a ladder, or watch the position of the main account that it follows.",
    ),
    explained(
        "no ladder is given: trueup places no take-profit for the …",
        "A stop is all that is wanted: it is kept, and no TP order covers any of the position.",
        "Nothing, if that is what you want; else give the monitor a ladder.",
    ),
    explained(
        "… is not traded",
        "The exchange lists no such contract: a misspelt symbol, or it was delisted.",
        "Correct the symbol, or remove the monitor.",
    ),
    explained(
        "… takes no orders: its status is …",
        "The exchange has halted the contract, or delivers or delists it: no order can be placed, "
        "amended or cancelled.",
        "Nothing while it is halted. A contract that is being closed: close the position, or await "
        "its settlement.",
    ),
    explained(
        "TP… at … is on the losing side of the entry … of a … position",
        "An order at this price would realise a loss, so trueup does not place it. Entries may "
        "have moved the average past it.",
        _LADDER,
    ),
    explained(
        "the ladder by rule cannot be reckoned: …",
        "The rule gives no prices for this position, for the reason named. A position that has a "
        "ladder keeps it; a new one gets none.",
        "Correct the rule. A ladder in R needs a stop that loses.",
    ),
    explained(
        "the ladder of … does not fit the position: …",
        "The ladder of the main account cannot be used for this mirror's position.",
        "Give the mirror a ladder of its own, or correct that of the main account.",
    ),
    explained(
        "the live TP orders do not make a ladder: …",
        "Live TP orders were found, and no ladder can be derived from them.",
        "Give the monitor a ladder, or correct the orders by hand.",
    ),
    explained(
        "the account's key was refused: nothing more was sent",
        "The exchange refused the key; other accounts are not affected.",
        "See the code's remedy below. trueup goes on by itself once the key is accepted.",
    ),
)

ADJUSTED = (
    explained(
        "TP…'s … waits: the market has passed that price",
        'With `beyond_market = "wait"` a level that the market has passed is placed once the '
        "market has come back; until then its quantity is uncovered.",
        "Nothing, if that is what you want; else give the monitor another ladder.",
    ),
    explained(
        "TP…'s … is withheld: the market has passed that price, and it would fill at once; …",
        'With `beyond_market = "refuse"` no order is placed that would fill at once; its quantity '
        "is uncovered, and trueup tries again.",
        "Give the monitor another ladder, or set `beyond_market` to `fill` or `wait`.",
    ),
    explained(
        "TP…'s … is withheld: the mark price is unknown, and it might fill at once",
        "The exchange did not show the mark price, and `beyond_market` is `wait` or `refuse`.",
        TRY_AGAIN,
    ),
    explained(
        "the runner's … is …",
        "The ladder's last part has no price and no order. It is covered once a read has shown the "
        "trailing stop that closes it; until then it is not, or the farthest level has it.",
        "Nothing, where it waits for a level. Else see in the same alert what is with the stop.",
    ),
    explained(
        "the exchange changed the contract's rules: …",
        "A write was refused, or was about to replace an order, so the rules were read again.",
    ),
    explained(
        "TP… gets no order: its price …",
        "The exchange takes no order at this price now; the other levels cover its share.",
        _LADDER,
    ),
    explained(
        "TP… stays at …: …",
        "The contract's rules would not allow this order again, so it is left as it is.",
        "Nothing; or give the monitor a ladder that fits the rules.",
    ),
    explained(
        "TP… shrinks from … to …: …",
        "The position is smaller, and the contract's rules would not let the order grow again.",
        "Nothing; or give the monitor a ladder that fits the rules.",
    ),
    explained(
        "TP…'s … has to go, the position is smaller: …",
        "More than the position rested, and the exchange does not let this order shrink. It serves "
        "another level, or is cancelled.",
        _LADDER,
    ),
    explained(
        "… the room: … of … is covered",
        "Reduce-only orders of somebody else close a part of the position, and the exchange "
        "accepts no more than the position has. trueup covers the rest, and tries again when they "
        "change.",
        "Cancel the other orders if the ladder shall cover the whole position.",
    ),
    explained(
        "… of … is covered, … is not",
        "The contract's rules allow no order for the rest.",
        "Give the monitor a ladder that fits the rules, or close the rest by hand if it matters.",
    ),
    explained("… of … is covered", "So much of the position has TP orders, or is a runner."),
    explained(
        "… rests for …: reduce-only, it closes no more than that",
        "The position is no whole number of quantity steps, and no smaller order is possible.",
    ),
    explained(
        "TP…'s … is below the exchange's minimum: merged into TP…",
        "The share is too small for an order of its own, so a neighbour covers it: the position is "
        "covered whole.",
    ),
    explained(
        "TP…'s … cannot be placed: merged into TP…",
        "The exchange takes no order for this level at present, so a neighbour covers it.",
        "Nothing: the next runs restore the shares.",
    ),
    explained(
        "TP… is split: the exchange's largest order is …",
        "The level is larger than the exchange's largest order, so it has several orders.",
    ),
    explained(
        "… is below the exchange's minimum and stays uncovered",
        "No order of this quantity is possible.",
        "Close it by hand if it matters.",
    ),
    explained(
        "… is below the exchange's minimum for any order",
        "The position is smaller than the exchange's smallest order: it has no TP order.",
        "Close it by hand if it matters.",
    ),
    explained(
        "…; … stay in the book: being reduce-only, they close no more than the …",
        "No new order is possible, and those that rest are kept: they cannot close more than is "
        "open.",
    ),
    explained(
        "…; 1 TP order of … stays in the book: being reduce-only, it closes no more than the …",
        "No new order is possible, and the one that rests is kept: it cannot close more than is "
        "open.",
    ),
    explained(
        "all levels have filled and … is still open: TP… is wanted again",
        "An entry came after the last TP fill, or a fill was smaller than expected.",
    ),
    explained(
        "TP…: the exchange changed the price from … to …",
        "The exchange clipped the price of an acknowledged order; trueup accepts it.",
    ),
    explained(
        "actions left for the next run: …", "The run had used up its rounds or its requests."
    ),
    explained(
        "… the position too",
        "Reduce-only orders of somebody else rest beside the ladder, which covers the whole "
        "position all the same.",
        "Nothing, if you mean them to. What fills first shrinks the ladder.",
    ),
    explained(
        "the run has used up its …: the next one goes on",
        "The exchange kept refusing, or reads lagged: the run sent as many requests as it may.",
        "Nothing, if it does not last. Else look for the code beside the levels.",
    ),
    explained(
        "the run has used up its …: …",
        "Something came in between in every round of the run: an order filled, or a cancel was "
        "held back; the line ends with what did so last.",
    ),
)

ENDING = (
    explained(
        "⏳ the contract expires on …, in …",
        "A dated future will be delivered, or a perpetual delisted, with its position open. It is "
        "said a week and a day before.",
        "Close or roll the position in time if its settlement is not what you want.",
    ),
    explained(
        "⌛ the contract expires on …: its position of … is closed",
        "The contract reached its end: its position is closed and no TP order rests.",
        "Nothing. Unwatch the monitor if you like.",
    ),
)

RECOVERED = (
    explained(
        ALL_CLEAR,
        "Runs had failed, and an alert had said so. This one found everything as it should be.",
    ),
    explained(
        "the position of … is closed, and a new one is open",
        "The position was closed and another one opened without a read in between; its trades say "
        "so. Every level of the ladder counts anew.",
    ),
    explained(
        "nobody can say whether the position is a new one: …",
        "The position changed, and its trades could not be read or do not explain it. The whole "
        "position is covered either way; the line ends with what trueup chose.",
        "If it chose wrongly: load the ladder that you want.",
    ),
    explained("live TP orders recovered: …", "Live orders were recognised by rule and adopted."),
    explained(
        "ladder recovered from …", "The mirror copied the prices and shares of that account."
    ),
    explained(
        "resumed: the run before did not come to its end; a read will show what it had done",
        "The process ended in the middle of a run, or the database was away; trueup went on from "
        "the record.",
    ),
    explained(
        "internal error …: the log has its traceback; please report it",
        "trueup has a defect. The run ended; orders that rest were not touched after that.",
        "Find the id in the log and report the traceback. The monitor is tried again.",
    ),
    explained(
        "live TP orders at … contradict the ladder on record; trueup …",
        "The orders in the book have other prices than the ladder on record; the line says which "
        "trueup follows.",
        "If it chose wrongly: load the ladder that you want.",
    ),
    explained(
        "… live TP orders for … level…",
        "There are more live TP orders than levels.",
        "Nothing: they become parts of the levels at their prices.",
    ),
    explained(
        "order ids and price ranks disagree on levels; trueup uses the ranks (…)",
        "The link ids name other levels than the prices suggest.",
    ),
    explained(
        "…: the id says TP…, but the price rank is TP…; trueup uses the rank",
        "The link id names another level than the price suggests.",
    ),
    explained(
        "the ids of … orders suggest an account of the other role, but …",
        "The link ids were made for the other role, main or mirror; the account decides.",
    ),
    explained(
        "…: the id suggests a … account, but …",
        "The link id was made for the other role, main or mirror; the account decides.",
    ),
    explained(
        "the ids of … orders name another symbol, but the orders are of …; trueup treats them as "
        "this symbol's",
        "The link ids were made for another contract; the exchange's symbol decides.",
    ),
    explained(
        "…: the id names another symbol, but the order is of …; trueup treats it as this symbol's",
        "The link id was made for another contract; the exchange's symbol decides.",
    ),
    explained(
        "…: the id says …; trueup leaves the order alone",
        "The link id and the fields of the order disagree on what it is.",
        "Cancel it by hand if nobody needs it.",
    ),
    explained(
        "the ids and fields of … orders disagree on what they are; trueup leaves them alone",
        "The link ids and the fields of these orders disagree on what they are.",
        "Cancel by hand those that nobody needs.",
    ),
)

REASONS = (
    explained(
        "… of it filled at once at …",
        "The new order filled before any read had shown it resting, so much of it, at that price "
        "on average: the market was beyond the level's price.",
    ),
    explained(
        "the order had filled … meanwhile", "The order filled while the write was on its way."
    ),
    explained("the order had filled …", "The order filled before the write arrived."),
    explained("the order had been cancelled, … filled", "Somebody cancelled the order."),
    explained("the order already rests: adopted", "An earlier request had placed it."),
    explained(
        "the order rests with …",
        "The exchange made another quantity of it; the next run settles it.",
    ),
    explained(
        "the position moved: the order is no longer wanted",
        "The position moved before the write was sent.",
    ),
    explained("the position moved: …", "The position moved before the write arrived."),
    explained("the position is closed", "The position was closed before the write was sent."),
    explained(
        "the order link id is taken: the next place uses a new one",
        "Another order had this link id, and it is closed.",
    ),
    explained("the order is in no list", "Its order link id is taken: the next run makes another."),
    explained("no usable answer (…)", "The answer to the write was lost.", TRY_AGAIN),
    explained(
        "the request did not take effect", "No read showed its effect for as long as reads may lag."
    ),
    explained(
        "…: the contract's rules were read again",
        "The exchange refused the values; the run planned anew by fresh rules.",
    ),
    explained("superseded by a later intent", "A later write of this order replaced it."),
    explained(
        "the order is still open", "The exchange said that it is gone, and the look-up found it."
    ),
    explained("the cancel is not confirmed", "No read has shown the cancel yet."),
    explained(
        "no read has shown its effect", "The exchange acknowledged it; no read shows it yet."
    ),
    explained("closed by the exchange …", "The exchange ended the order; the line has its reason."),
)

LINES = (
    *HAPPENED,
    *BY_HAND,
    *BLIND,
    *STOPPED,
    *KEYS,
    *SKIPPED,
    *ADJUSTED,
    *ENDING,
    *RECOVERED,
    *OTHERS,
    *REASONS,
)
