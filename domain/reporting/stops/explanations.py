"""What the lines of alerts about stops, and what they ask for, mean to the person who got one."""

from ..explanations import explained

NOT_YOU = "Nothing, if it was you; else look for who has access to the account."

STOPS = (
    explained(
        "🛡️ the stop moved: … → … (…)",
        "trueup set the stop, and a read of the position has shown it there. The rule is that of "
        "the monitor's stop which asked for it; `none` is no stop.",
    ),
    explained(
        "👥 somebody else moved the stop: … → …; it stays there",
        "A person, or another program, moved the stop. From there its rules only tighten it.",
        f"{NOT_YOU} Give the monitor its stop again to have it back where it was.",
    ),
    explained(
        "👥 somebody else moved the stop: … → …",
        "A person, or another program, moved the stop; other lines say what became of it.",
        NOT_YOU,
    ),
    explained(
        "👥 somebody else removed the stop: it was …",
        "A person, or another program, removed the stop; trueup sets it again.",
        NOT_YOU,
    ),
    explained(
        "🛡️ the stop that rests is kept from now on: …",
        "The position has a stop that nobody gave trueup, and `adopt_stops` is set: trueup keeps "
        "it for as long as the position is open, and sets it again if it is removed.",
    ),
    explained(
        "🚫 no stop is wanted any more: the one at … stays",
        "Somebody took the stop off the monitor. trueup neither sets nor moves one from now on; "
        "what rests at the exchange still protects the position.",
        "Remove it in the app if you do not want it; give the monitor a stop to have one kept.",
    ),
    explained(
        "🚫 no stop is wanted any more: whatever rests at the exchange stays",
        "As in the line before; no read says where the stop is, or the position is closed.",
    ),
    explained(
        "🚫 no stop is wanted any more: the position has none",
        "Somebody took the stop off the monitor, and nothing protects the position.",
        "Give the monitor a stop, or set one in the app.",
    ),
    explained(
        "🚨 … of the position became unprotected",
        "The position is open and has no stop, though one is wanted; other lines say why.",
    ),
    explained(
        "🛟 the position is no longer unprotected, after …",
        "The position has a stop again, or it is closed.",
    ),
    explained(
        "🚨 UNPROTECTED: no stop for …; it is to be at …",
        "The position is open and no stop protects it. Where the exchange refused the stop, the "
        "line ends with its answer.",
        "trueup tries again by itself. Set a stop by hand, or close the position, if you cannot "
        "wait for that.",
    ),
    explained(
        "🚨 UNPROTECTED: no stop for …: it has triggered, and its limit order… rests unfilled",
        "The market has passed the stop and its limit price: the order closes the position only "
        "if the market comes back. As long as it rests, trueup sets no other stop.",
        "Close the position, or cancel the order: trueup sets the stop again where the market "
        'lets it. With `on_crossed = "close"` the next run closes what is left.',
    ),
    explained(
        "🚨 UNPROTECTED: no stop for …: …",
        "The position is open and no stop protects it, as no rule of the monitor says where one "
        "belongs; the line ends with why.",
        "Give the monitor a stop that fits the position, or set one by hand.",
    ),
    explained(
        "the stop's order … is cancelled: it protects nothing any more",
        "The position is closed, or has the exchange's own stop by now, as the monitor asks.",
        "Nothing.",
    ),
    explained(
        "🚨 UNPROTECTED: the stop is at … for …, not at … for …",
        "The order that is the stop closes less than the position, and could not grow.",
        "Read in the line why. trueup tries again by itself; protect the rest by hand.",
    ),
    explained(
        "the order of the stop at … is in no list, and may be gone…",
        "No list shows the order, and the exchange does not say that it is not open.",
        "Look at the exchange: where it does not rest, set a stop by hand.",
    ),
    explained(
        "the stop was asked to be at …, and no read has shown it yet",
        "The request that sets the stop was sent, and the position could not be read after it.",
        "Nothing: the next run finds out.",
    ),
    explained(
        "the position had no stop when it was read last: the stop was asked to be at …, and no "
        "read has shown it yet",
        "Before that request the position was not protected; whether it is now, no read says.",
        "Nothing, if the next run finds it; look at the exchange if these runs go on.",
    ),
    explained(
        "the fees of the entries are not known: breakeven is 0.08 % beyond the entry",
        "The position's trades do not say what its entries have paid, or could not be read.",
        "Nothing, if that is enough for you; else give the breakeven an `offset` in per cent.",
    ),
    explained(
        "the stop stays at …: …",
        "No rule says where the stop belongs now, so the one that rests stays; the line says why.",
        "Give the monitor a stop that fits the position.",
    ),
    explained(
        "the stop is at …, not at …",
        "The position has a stop, but not where its rule asks for it.",
        "Nothing if it comes once. Where the market is past the wanted price, set another stop.",
    ),
    explained(
        "the exchange does not say whether the position has a stop",
        "The position's row shows no stop fields, so nothing is known of it; nothing was sent.",
    ),
    explained(
        "🧹 entries of … are cancelled, as was asked: …",
        "The monitor's stop names these entries, and the level has filled that they were to go "
        "with. So much of them had not filled. No other order was touched.",
    ),
    explained(
        "🧹 entries that are to go still rest: …",
        "The monitor's stop names these entries, and the level has filled that they were to go "
        "with; the line says why they rest.",
        "trueup tries again by itself. Cancel them by hand if you cannot wait for that.",
    ),
    explained(
        "🧹 the entry … had filled before it could be cancelled: …",
        "The monitor's stop names this entry, and it filled before the request to cancel it "
        "arrived. The position is larger by so much; its TP orders and its stop follow.",
        "Close that part by hand if you do not want it.",
    ),
)
