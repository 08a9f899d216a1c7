"""What the lines and headlines of alerts about events mean to the person who got one."""

from .explanations import Explanation, explained
from .stops.explanations import NOT_YOU, STOPS

HEADLINES = {
    "💰 TP… FILLED": Explanation("TP orders filled, and the others were right.", "Nothing."),
    "🏁 POSITION CLOSED": Explanation(
        "The position is flat, and no TP order is left. The line says by what it was closed, as "
        "far as the exchange says so.",
        "Nothing.",
    ),
    "🔀 POSITION FLIPPED": Explanation(
        "In one-way mode an order closed the position and opened one of the other side, which is "
        "another monitor's.",
        "Watch the new position, unless you do already.",
    ),
    "📉 POSITION REDUCED": Explanation(
        "Something else than its TP orders made the position smaller, and the orders were right "
        "all the same.",
        "Nothing.",
    ),
    "🚪 CLOSE COMMANDED": Explanation(
        "A close that somebody commanded has come to its end; the line says how much was closed.",
        "Nothing where all was; else read in the line why it was not.",
    ),
    "🚪 CLOSE UNDER WAY": Explanation(
        "A close that somebody commanded has begun, and is not at its end.",
        "Nothing: trueup goes on by itself. Close the rest by hand if you cannot wait for that.",
    ),
    "🪞 MIRROR AND MAIN": Explanation(
        "For a minute one of the two positions was open and the other was not, or on the other "
        "side; or that is over.",
        "Close or open by hand what you want to be equal; trueup closes nothing by itself.",
    ),
    "🧹 ENTRIES CANCELLED": Explanation(
        "Entries that the monitor's stop names are gone, as a level has filled; the TP orders were "
        "right.",
        "Nothing.",
    ),
    "👥 OTHER ORDERS": Explanation(
        "Orders that are not the ladder's began, or ceased, to close more than the position has, "
        "together with it.",
        "Cancel those that you do not want; trueup leaves them alone.",
    ),
    "💰 TP… FILLED, 🛡️ STOP MOVED": Explanation(
        "TP orders filled, and the stop followed, as its rule asks; a read has shown it there.",
        "Nothing.",
    ),
    "🛡️ STOP MOVED": Explanation(
        "trueup set or moved the stop, as its rule asks; a read has shown it there. The TP orders "
        "were right.",
        "Nothing.",
    ),
    "👥 STOP CHANGED BY SOMEBODY ELSE": Explanation(
        "A person, or another program, moved or removed the stop; the lines say what became of it.",
        "Nothing, if it was you; else look for who has access to the account.",
    ),
    "🛟 PROTECTED AGAIN": Explanation(
        "What an earlier alert said of a position without its stop is over.", "Nothing."
    ),
    "🚨 UNPROTECTED": Explanation(
        "The position is open and no stop protects it, though one is wanted. It stands above "
        "whatever else the run did.",
        "Read in the results why. trueup tries again by itself; set a stop by hand, or close the "
        "position, if you cannot wait for that.",
    ),
    "🪜 LADDER CHANGED": Explanation(
        "The ladder follows the price to which somebody else moved a TP, as `by_hand` asks for.",
        "Nothing; give the monitor its ladder again if that was a mistake.",
    ),
    "🔁 TP ORDERS ADOPTED": Explanation(
        "Live TP orders were put on record as they rest; nothing was sent.", "Nothing."
    ),
}

_OTHERS = (
    "Reduce-only limits, conditional orders or the exchange's own TPs that are not on record close "
    "the position beside its ladder. Together they close no more than is open, but perhaps sooner "
    "than the ladder says. Stops do not count. Said once for each new order."
)
_CANCEL = "Cancel those that you do not want; trueup leaves them alone."

HAPPENED = (
    explained(
        "💰 TP… filled right after it was placed: … at … or better",
        "As a rule the market was beyond the price of the level already, as after a time without "
        "trueup: the order filled at once, at the market's price, as a taker.",
        "Nothing; `trueup plan` shows beforehand what a run would place.",
    ),
    explained(
        "💰 TP… filled right after it was placed: … at …, better than its …",
        "The market was beyond the price of the level already, as after a time without trueup: the "
        "order filled at once, as a taker, at the first price of the two on average.",
        "Nothing; `trueup plan` shows beforehand what a run would place.",
    ),
    explained(
        "💰 TP… filled right after it was placed: … at …",
        "The market was at the price of the level when the order was placed, or came there.",
    ),
    explained(
        "💰 TP… filled: … at …, better than its …",
        "The order filled at the first price on average; the second one is its own.",
    ),
    explained(
        "💰 TP… filled: … at …; … of the order rest",
        "A part of the order filled, at its price or better, since the last alert of it.",
    ),
    explained(
        "💰 TP… filled: … at …",
        "The order filled, at its price or better; what an earlier alert said is not counted.",
    ),
    explained(
        "💰 a TP order that was the last position's filled: … at …",
        "The fill came to light only after another position was open.",
    ),
    explained(
        "💰 a TP order that the ladder no longer has filled: … at …",
        "The ladder was edited, and has no level at the price of that order.",
    ),
    explained(
        "🏁 the position of … is closed: …; the result of … is … before …; of … it is not known",
        "As in the next line; a part of the position was closed at a price that is not known, or "
        "something was added to it meanwhile.",
    ),
    explained(
        "🏁 the position of … is closed: …; the result is … before …",
        "What closing it has brought since it is watched: the prices of the fills less the entry "
        "price, in the quote coin. Fees of closing are named where they are known; those of "
        "opening, funding and taxes are not in it.",
    ),
    explained(
        "🏁 the position of … is closed: …",
        "It was so large when it was last known. Where its TP orders closed a part, the line has "
        "figures for each; where the list of trades says nothing certain, it says so.",
    ),
    explained(
        "🔀 the position of … is closed, … is open: …",
        "In one-way mode one order did both.",
        "Watch the new position, unless you do already.",
    ),
    explained(
        "📉 the position was reduced by …, to …: …",
        "Its TP orders do not explain that it is smaller by so much. Fills of TP orders are lines "
        "of their own, and not part of this.",
    ),
    explained(
        "🚪 closed at the market…: … of …",
        "A close that was commanded is done: market orders of trueup have closed so much. The TP "
        "orders follow what is left.",
    ),
    explained(
        "⚠️ closed at the market…: … of …: …",
        "Less was closed than was asked for, and no more will be by this command: the line says "
        "why.",
        "Close the rest by another command, or by hand, if it is to be closed.",
    ),
    explained(
        "🚫 nothing was closed…: …",
        "A close that was commanded was refused: the line says why. Nothing else changed for it.",
        "Command it again as the line suggests, if the position is still to be closed.",
    ),
    explained(
        "🚪 the close… is under way: … of …; …",
        "It is not known yet what its last order did, or the market took no more of it.",
        "Nothing: the next run goes on. Close the rest by hand if you cannot wait for that.",
    ),
    explained(
        "🚪 … of … closed: …",
        "A close that an earlier alert named is still not at its end.",
        "Nothing: the next run goes on. Close the rest by hand if you cannot wait for that.",
    ),
    explained(
        "🚪 a close waits for its turn: …",
        "Somebody has commanded a close, and this run could not begin it: other lines say why.",
        "Nothing: the next run begins it. Close by hand if you cannot wait for that.",
    ),
    explained(
        "what a request to close the position did is not known yet",
        "Its answer was lost, and no look-up says what became of it. No other one is made before "
        "that is known, and the ladder waits.",
    ),
    explained(
        "🚪 closed at the market: … of …",
        "The stop asked for it: the market was past it, or its deadline is over. trueup's own "
        "market orders have closed so much.",
    ),
    explained(
        "⚠️ closed at the market: … of …: …",
        "The stop asked for it, and less was closed: the line says why.",
        "Close the rest by hand, or by `trueup close`, if it is to be closed.",
    ),
    explained(
        "🚫 nothing was closed: …",
        "The stop asked for a close that was refused: the line says why.",
        "Close the position by hand, or by `trueup close`, if it is to be closed.",
    ),
    explained(
        "🚪 the close is under way: … of …; …",
        "The stop asked for it; what its last order did is not known, or it was not taken.",
        "Nothing: the next run goes on. Close the rest by hand if you cannot wait for that.",
    ),
    explained(
        "🕳️ … of the position became uncovered",
        "The run could not cover it; other lines say why.",
    ),
    explained(
        "🛟 nothing of the position is uncovered any more, after …",
        "TP orders cover the whole position again, or it is closed.",
    ),
    explained("👥 another order closes … too: together … of …", _OTHERS, _CANCEL),
    explained("👥 … other orders close … too: together … of …", _OTHERS, _CANCEL),
    explained(
        "👥 orders of others no longer close the position beyond what it has",
        "What an earlier alert said of other orders is over.",
    ),
    explained(
        "🪞 this mirror has parted from …: … here, … there",
        "As both accounts were last read, a minute ago or longer.",
        "Close or open by hand what you want to be equal; trueup closes nothing by itself.",
    ),
    explained(
        "🪞 this mirror and … agree again: … here, … there",
        "What an earlier alert said of the two positions is over.",
    ),
    explained("🪜 the ladder changed (…): …", "The monitor follows another ladder than before."),
    *STOPS,
)

BY_HAND = (
    explained(
        "somebody else moved … from … to …: put back",
        "A person or a program changed the price of a TP, and trueup changed it back.",
        f'{NOT_YOU} With `by_hand = "adopt"` the ladder follows such a price.',
    ),
    explained(
        "somebody else moved … from … to …: the ladder follows",
        "The price of the TP is the ladder's now; the shares stay.",
        "Nothing; give the monitor its ladder again if that was a mistake.",
    ),
    explained(
        "somebody else moved … from … to …",
        "A person or a program changed the price of a TP; other lines say what became of it.",
        NOT_YOU,
    ),
    explained(
        "somebody else resized … from … to …: put back",
        "A person or a program changed the quantity of a TP, and trueup changed it back.",
        NOT_YOU,
    ),
    explained(
        "somebody else resized … from … to …",
        "A person or a program changed the quantity of a TP; other lines say what became of it.",
        NOT_YOU,
    ),
    explained(
        "somebody else cancelled …: placed again",
        "A person or a program cancelled a TP, and trueup placed the level again.",
        f"{NOT_YOU} To leave a level out, give the monitor a ladder without it.",
    ),
    explained(
        "somebody else cancelled …",
        "A person or a program cancelled a TP, and this run did not place the level again.",
        NOT_YOU,
    ),
    explained(
        "the price … is not adopted: …",
        "The price to which somebody moved a TP makes no ladder.",
        "Give the monitor a ladder with the prices that you want.",
    ),
)

OTHERS = (
    explained(
        "somebody else keeps changing TP orders of …",
        "Orders that trueup owns were amended or cancelled again and again, and not by this "
        "trueup. It repairs them after a pause that grows, so that no fight costs cover and "
        "requests; a position that moves is followed at once all the same. It observes meanwhile, "
        "and alerts what its orders cover whenever that changes and is less than the position.",
        "Find out who it is: a second trueup on another host or on a copy of the database, another "
        "bot, a person with the app open. Stop one of the two, or give them different accounts. "
        "One alert says when it has stopped.",
    ),
    explained(
        "nobody else has changed a TP order of … for …",
        "What an earlier alert said of somebody who keeps changing the orders is over.",
    ),
    explained(
        "live TP orders that look like a second engine's are beside those on record: …",
        "Take-profits with ids as trueup makes them rest beside a whole ladder, and are not on "
        "record: two engines on one account, perhaps on copies of one database, or orders that an "
        "earlier bot left. trueup keeps its own ladder and leaves theirs alone, so that together "
        "they may close more than was planned, though no more than is open.",
        "Stop one of the two engines and cancel its orders; cancel leftovers by hand.",
    ),
    explained(
        "the live TP orders that looked like a second engine's are gone",
        "What an earlier alert said of orders beside those on record is over.",
    ),
)
