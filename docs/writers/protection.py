"""The page of protection: the rules of stops, as pictures, and what happens around them."""

from ..markdown import fenced, page, table
from .stop_pictures import RULES, Rule

FOLDER_OF_PICTURES = "stops"
_INTRODUCTION = """
A monitor may want a stop beside its ladder, or without one. It is set at Bybit, as the stop of the
position itself: Bybit sizes it, so it always closes what is open, and it works while trueup is
down. It is set before anything else of a run, in one request that leaves no moment without a stop,
and trueup believes it only once a read of the position shows it.

Where several rules apply, the tightest wins. A rule tightens the stop and never loosens it: not
after a restart, not when the position grows, not when the average entry moves. Two things may
loosen it: you, by giving the monitor another stop, and `follow_average = true`, with which a stop
in per cent follows the average entry both ways until a level has filled or a rule has tightened it.

Each rule is a function of what is on record: the entry, the ladder, the fills, the best price. A
fill that is seen late, twice, or after a restart has the same stop as one that is seen at once.
"""
_PICTURES = """
Each picture has the same long at 100 with targets at 102, 104, 106 and 108; the price is blue, the
stop red. A short is the mirror image.
"""
_NAMES_INTRODUCTION = """
Who comes from a paid service will look for the names that it has. What they do there is said on
their pages: [Cornix](https://help.cornix.io/en/articles/5814874-trailing-stop-loss),
[3Commas](https://help.3commas.io/en/articles/3108977-smarttrade-dca-bots-how-stop-loss-works),
[Altrady](https://altrady.com/academy/intro/master-smart-positions) and
[Finandy](https://docs.finandy.com/trading/trailing-stop).
"""
_NAMES = (
    ("`percent`", "Stop-Loss Distance Percent, from the Average Entries (Cornix); Stop Loss %"),
    ("`breakeven`, `after_level`", "Breakeven (Cornix); Move to Breakeven (3Commas)"),
    ("`breakeven`, `after_percent`", "Breakeven with a percent as trigger (Cornix); SLX (Finandy)"),
    ("`breakeven`, `offset`", "the offset from the breakeven price (Finandy)"),
    ("`moving_target = 1`", "Moving Target (Cornix); follow the take profits (Altrady)"),
    ("`moving_target = 2`", "Moving 2-Target (Cornix)"),
    ("`behind_target`", "Percent Below Triggers (Cornix)"),
    (
        "`trailing`",
        "Percent Below Highest (Cornix); Trailing Stop Loss (3Commas); follow price (Altrady)",
    ),
    (
        "refused: nothing of it would be at the exchange",
        "Stop-Loss Timeout (Cornix, 3Commas); cooldown (Altrady)",
    ),
)
_FEES = """
A `breakeven` without `offset` goes to the entry itself, and then costs the fees of both ways. With
a number it is so many per cent beyond the entry; with `fees` it is where the fees are paid for. In
Python it is `Breakeven.of(after_level=1, offset="fees")`.
"""
_FEES_TOML = """
stop = {percent = 2, breakeven = {after_level = "TP1", offset = "fees"}}
"""
_FEES_RULES = """
The stop is where closing at its price brings back what the entries have paid for each unit, and
what closing costs there: for a long (entry + fees of a unit) / (1 - rate), for a short
(entry - fees of a unit) / (1 + rate), rounded to the tick that loses nothing.
A market that runs past the stop may still fill it at a worse price.

- What the entries have paid is read from the position's own trades, makers' and takers' fees as
  Bybit has charged them, once the rule is due, and put on record. It is read anew only when another
  entry has filled. A close in between takes its part of them along, as it does with the entry.
- The rate of closing is a taker's, as a stop is a market order: the highest that one of those
  trades has paid as a taker, else the usual 0.055 %.
- If the maker's rebates are more than closing costs, the stop is at the entry, not before it.
- Where the trades do not add up to the position, one names no fee or another coin, or one is no
  trade of the order book, the fees are not known: the stop is 0.08 % beyond the entry, and the
  journal and the alert say so. So it is where the trades cannot be read; the next run reads again.
  If it was not on record when the position opened, its trades are read from six days before its
  last entry on. A stop is never loosened, so fees that are known later only tighten it.
- Funding is not counted: it is paid for holding the position, not for closing it.
- A mirror goes by its own trades.
"""
_RUNNER = """
The last level of a ladder may have no price and trail instead: a runner. It has no order; the
trailing stop of the position closes it, at Bybit, also while trueup is down. In Python it is
`Ladder.of((102, 50), (104, 30), runner=20)`, in the configuration the last level of a ladder, in
prices or by rule:
"""
_RUNNER_TOML = """
ladder = [{price = "102", share = 50}, {price = "104", share = 30}, {runner = 20}]
stop = {percent = 2, trailing = {percent = 1}}
"""
_RUNNER_RULES = """
A ladder with a runner needs a stop with `trailing`; without one the monitor is refused. The stop is
set first, and the runner counts as covered only once a read of the position has shown that it
trails: then the TP orders and the runner are the whole position, to the quantity step. Until then,
as with `after_level`, the run ends `PARTIAL`, and its alert says how much is not covered and what
it waits for. Where orders cover the runner's part already, as after a change of the ladder, the
farthest level keeps it until then: no cover is given up for a runner that nothing closes.

The runner keeps its share of the whole, which is what is open and what the levels have filled, but
is never more than is open; the levels divide the rest. Once all have filled, all that is open is
the runner, and nothing is placed again. Less than half a quantity step is no runner. A mirror
copies the runner with the ladder, and reckons it by its own position. A trailing stop that somebody
removes is set again, as any stop, and alerted. How large the runner is, and whether it trails or
waits, is in `stop_status` (`runner_quantity`, `runner`) and in `trueup status`.
"""
_CROSSED = """
Bybit takes no stop that the market has passed already. Then the position has no stop, or keeps the
one that it has: the run ends `PARTIAL`, its alert says `🚨 UNPROTECTED` where there is none, with
the price and the rule, `trueup status --check` fails, and trueup tries again. The ladder goes on
meanwhile. Close the position, or set another stop.

With `on_crossed = "close"` the position is closed at the market instead, all of it, as
[below](#closing-at-the-market): once, and alerted. If the market does not take it all, the ladder
goes on, the alert says `🚨 UNPROTECTED`, and trueup tries again.
"""
_CLOSES = """
`trueup close ACCOUNT SYMBOL SIDE` closes a watched position at the market, `--share 50` half of it;
`Reconciler.close_position` does the same. It works beside a running engine, which then closes, and
without one. The command is on record before anything is sent, and so is each order, with its link
id: a reply that is lost is looked up by it, and no other order is made before the first is known
not to exist. So nothing is closed twice, whatever dies meanwhile; and a position that is opened
later is never closed by an old command.

A share is of the size at which a run takes the command, rounded down to the quantity step; one
below the smallest order is refused, and nothing changes. What the market does not take at once is
asked for again, and alerted while it lasts. The ladder then follows the smaller position. TP orders
rest meanwhile: only where the exchange counts them against the close are they cancelled first, and
placed anew for what is left.

While a monitor is paused or halted a close of it is refused; one that was commanded before waits.
What nobody can read or look up waits as well: an alert and `trueup status` say so.
"""
_DEADLINE = """
With `close_after_hours = 8` a position is closed at the market once it has been open for eight
hours: once, all of it, and alerted. What is on record counts, so a restart changes nothing, and a
deadline that passed while nothing ran is acted on by the next run. Bybit does not say when the
position that is open was opened (its `createdTime` is that of the first one of the symbol), so the
time counts from the last change that the position had when trueup saw it first. It is measured by
the exchange's clock. An engine that runs acts on it at the next sweep.
"""
_ENTRIES = """
Where entries still rest, the stop protects the position that is open: Bybit sizes the position's
own, and a stop that is an order grows with it. trueup leaves entries alone, but for those that you
name by a pattern of their link ids:

```toml
stop = {percent = 2, cancel_entries = "BOT_*_LIMIT*", cancel_entries_on = "TP1"}
```

Once TP1 has filled completely, or a level beyond it, trueup cancels every order that has such an
id, opens the side of the position, is not reduce-only, and is of the same contract and position
index; so does an entry that waits for a trigger. In Python it is
`cancel_entries=CancelEntries.of("BOT_*_LIMIT*")`; both take several patterns, of which `*` stands
for any characters and `?` for one. Without the line none is cancelled.

- What has filled is read from the record, so a fill that is seen late, twice or after a restart has
  the same result. The stop is set first, the ladder follows after.
- An entry with such an id that comes later, while the same position is open, is cancelled as well:
  the position is on its way out, and an order that was under way as TP1 filled must not slip
  through. To add to a position after TP1, give that entry another id.
- Where the position is closed by then, as by its last level, those entries go that were there when
  the level filled. Later ones are of the next position and stay.
- Each cancel is on record before it leaves. An answer that is lost, and Bybit's "order not exists
  or too late to cancel", are looked up: the entry is cancelled, or it filled, and then the stop and
  the ladder follow the larger position. What still rests is asked for again, and alerted.
- A pattern that may name a TP order, a stop or a close of trueup's own is refused, as are `*` and
  one with characters that no link id has. Orders without a link id match no pattern.
- A mirror that takes the rule of its main's stop applies it to its own entries, by its own fills.
- With `stop = false` no entry is cancelled any more.
"""
_BY_HAND = """
A stop that you, or another program, move stays where it was put, tighter or looser; an alert says
so. Rules move it again only to what is tighter than before. One that is removed is set again, as a
stop is wanted. A stop that was there before the monitor wanted one stays if it is tighter than the
rules ask.
"""
_ORDER = """
Where other tools own the stop of the position, the monitor's may be an order of its own. It moves
by the same rules; a trailing stop is the position's own at Bybit, and needs the other form.

```toml
stop = {percent = 2, form = "order"}
```

It is a conditional reduce-only order, at the market, with a link id of trueup's, such as
`MIR_SL_BANDUSDT_1737809937842_7432`: a long's triggers as the price falls to it, a short's as it
rises, by the last, the mark or the index price (`trigger_by`). Bybit does not size it:

- It is placed once, in a request of its own, and amended from then on. A request without an answer
  is sent again under the same link id, so there are never two.
- Where the position has grown, it grows before any TP order does. Where the position has shrunk, it
  shrinks once a second read has shown the smaller position. Where it closes less than the position,
  as where Bybit lets no order of the contract be as large, the rest counts as unprotected. (A close
  at the market that is too large for one order is sent in several, one after the other.)
- Where it is cancelled, it is placed again under a new id. Where a list lacks it, it is looked up;
  where nothing shows it, it is amended all the same, as only a refusal proves that it is gone.
- Once the position is closed it is cancelled: it would close a part of the next one.

Conditional orders of others are never touched. Bybit takes ten of them for each symbol; where that
leaves no room, the alert says `🚨 UNPROTECTED` and why. Give the monitor a stop of the other form,
and the order goes as soon as the position's own is there. The other way round, the position's own
stop stays: take it off by hand if no other tool wants it.

### With a limit

With `limit_percent` the order is a limit order: once it has triggered it closes at its price or
better, never worse. The price is so many per cent of the trigger behind it, on the losing side, to
the tick away from it, and moves with the trigger in the same request.

```toml
stop = {percent = 2, form = "order", limit_percent = 0.5}
```

**The risk: where the market gaps past the limit, nothing closes the position.** The order has
triggered then, and rests unfilled until the market comes back to its price. A market order would
have closed at a worse price instead. trueup leaves the order there, as it still closes if the
market comes back, and sends no other stop meanwhile: the position counts as unprotected. The run
ends `PARTIAL`, its alert says `🚨 UNPROTECTED` and that the limit order rests, `trueup status
--check` fails, and `protection_log` has the interval. With `on_crossed = "close"` what is left is
closed at the market by the next run. Cancel the order by hand, and a stop is placed anew as soon as
the market is back before it.

Bybit changes no order's type. If you put `limit_percent` in or take it out while an order rests, it
stays what it is, and an alert says so: cancel it by hand, and it is placed anew as you want it now;
or give the monitor a stop of the other form in between, which leaves no moment without one.
"""
_NONE = """
To take the stop off a monitor, write `stop = false` into its part of the file, or call `watch` with
`stop=NO_STOP`. To leave the line out keeps the stop that is on record, as with a ladder. From the
next run on trueup neither sets nor moves a stop; it clears none: what rests at the exchange still
protects, and an alert and the event `stop-taken-off` say where. A mirror that has taken its main's
stop keeps it until its own is taken off. A stop that is an order of trueup's rests as it is until
the position is closed; then it is cancelled, as it would close a part of the next one.
"""
_FOUND = """
A stop is told by its order's own fields, whatever its id says. `trueup discover` lists what waits
for a trigger at each position, with what it protects; more than is open, none does. A limit order
that has triggered and rests unfilled is listed as `triggered`: it protects nothing.

{}

None of it is touched, and an order that is not the position's own stop is never adopted. With

```toml
[recognition]
adopt_stops = true
```

a monitor that was given no stop, and takes none from its main, keeps the position's own where it
rests: at its price, at its distance. That is on record, alerted once (`stop-adopted`), shown like
any stop, with the source `live stop`, and is set again if it is removed. It is of that position
alone: of the next one its own stop is adopted, or none. In Python, `Recognition(adopt_stops=True)`
does the same.
"""
_KINDS = (
    ("the position's own", "Bybit's stop or trailing stop of the whole position"),
    ("the exchange's, for a part", "a partial TP/SL of Bybit's, or one attached to an order"),
    ("a known bot's", "a conditional order whose whole id has a form of the original bot's"),
    ("another tool's", "a conditional order with any other id"),
    ("without an id", "a conditional order of a person, or of a tool that gives no ids"),
)
_MIRRORS = """
A mirror takes the rule of its main's stop, unless it has a stop of its own. Per cents, breakeven
and moving targets are reckoned from the mirror's own entry and its own fills, never from the
main's. A fixed price is used where it is on the right side of the mirror's entry; else the alert
says that it is not.
"""
_SEEN = """
`trueup plan` shows the stop that a run would set, `trueup status` where each stop is, by which
rule, and what it protects; `trueup explain ACCOUNT SYMBOL SIDE SL` tells the story of one. In SQL,
`stop_status` has the present, `stop_log` each request, and `protection_log` each time in which a
position lacked its stop; see [database.md](database.md). The events are `stop-moved`,
`stop-moved-by-others`, `stop-adopted`, `stop-taken-off`, `unprotected` and `protected-again`. Of
closes `close_status` has the last one of each monitor, and `close_log` each request; the events are
`close-under-way` and `close-ended`. Cancels of entries are in `intent_log`, with the operation
`cancel-entry`; the event is `entries-cancelled`.
"""
_MISSING = """
`trueup import-legacy` takes over no stop.
"""


def protection() -> str:
    """The whole page."""
    return page(
        "Protection: where the stop is",
        _INTRODUCTION,
        "## The rules",
        _PICTURES,
        *(part for name, rule in RULES.items() for part in _shown(name, rule)),
        "## Breakeven by the real fees",
        _FEES,
        fenced(_FEES_TOML, "toml"),
        _FEES_RULES,
        "## The names of paid services",
        _NAMES_INTRODUCTION,
        table(("trueup", "elsewhere"), _NAMES),
        "## A runner",
        _RUNNER,
        fenced(_RUNNER_TOML, "toml"),
        _RUNNER_RULES,
        "## The market is past it",
        _CROSSED,
        "## Closing at the market",
        _CLOSES,
        "## A deadline",
        _DEADLINE,
        "## Entries that still rest",
        _ENTRIES,
        "## By hand",
        _BY_HAND,
        "## A stop that is an order",
        _ORDER,
        "## No stop any more",
        _NONE,
        "## Stops that are there already",
        _FOUND.format(table(("shown as", "what it is"), _KINDS)),
        "## On mirrors",
        _MIRRORS,
        "## Where to look",
        _SEEN,
        "## What is not built yet",
        _MISSING,
        "Every option is in [configuration.md](configuration.md).",
    )


def _shown(name: str, rule: Rule) -> tuple[str, ...]:
    image = f"![{rule.name}: price and stop]({FOLDER_OF_PICTURES}/{name}.svg)"
    return (f"### {rule.name}", rule.meaning, fenced(rule.toml, "toml"), image)
