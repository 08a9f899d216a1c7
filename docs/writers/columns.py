"""What the columns of the database mean; a name with a table goes before one without."""

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    # which monitor and run
    "account": "name of the account",
    "symbol": "the contract",
    "side": "of the position: `Buy` is long",
    "monitor_id": "the monitor's row",
    "run_id": "the run; alerts and logs name it",
    # the last sweep of an account
    "swept_at": "when its last sweep began",
    "monitors": "how many it checked",
    "drifted": "how many of them had something to do",
    "view_state": (
        "`streamed`: known by its private stream; `swept`: by this sweep's reads; `unreadable`: "
        "it could not be read"
    ),
    "account_sweep.reason": (
        "why it is not streamed, and which symbols the sweep could not understand; empty if neither"
    ),
    "clock_offset_ms": (
        "the exchange's clock less this machine's; NULL: not measured, as with an exchange "
        "adapter of your own"
    ),
    "engine_start": (
        "number of the service's start that made it, `id` of `engine_log`; NULL: not on record"
    ),
    # what was read of an account's key
    "fingerprint": "tells API keys apart; the key itself is nowhere in the database",
    "uid": "whose the key is",
    "read_at": "when the exchange last said so",
    "account_key.expires_at": "when the key expires; NULL: never",
    "expiry_alerted": "fewest days before the expiry that an alert was made for; NULL: none yet",
    # monitor
    "monitor.id": "number of the monitor",
    "role": "`main` or `mirror`",
    "follows": "for a mirror: the main account whose ladders it may copy",
    "monitor.state": "where the machine stands; `Idle` between runs",
    "ladder_source": "where the ladder comes from: `given`, `rule`, `live orders`, a main "
    "account's name, or `exchange` where somebody else's prices were adopted",
    "version": "counts commits; a commit that expects another version is dropped",
    "monitor.epoch": "of the lease under which its account is owned; a commit that expects another "
    "one is dropped; 0 where one engine owns the database",
    "cycle": "counts positions: fills start from nothing with each new one",
    "position_size": "as last observed",
    "last_position_size": "`position_size` as it was last observed, also where it is not known now",
    "position_read_at": "when the last run ended that could read the position; the size is known "
    "where that is `last_run_at`, and NULL in the view where it is not",
    "entry_price": "of the position, as last observed",
    "covered_quantity": "what owned live orders cover",
    "coverage_pct": "share of the position that is covered, in %; `100` means whole",
    "last_outcome": "`IN_SYNC`, `SUCCESS`, `PARTIAL`, `FAILED` or `SKIPPED`",
    "last_run_id": "the run under way, or else the last one",
    "last_run_at": "when a run last ended",
    "monitor.attempts": "failed runs since the last one that succeeded",
    "next_try_at": "when the next try is due; NULL: none is",
    "recovered_at": "when its ladder or orders were last recovered",
    "expires_at": "when its contract is delivered or delisted; NULL for never",
    "expiry_alerted_at": "when people were last alerted that the contract will expire",
    "contests": "how many times in a row somebody else changed its orders",
    "contested_at": "when that last happened; NULL: never, or it is over",
    "instead_of": "the ladder that was given, or copied, before prices of somebody else were "
    "adopted; NULL: none were",
    "withheld": "of a level that the market has passed: the quantity that no order is placed for, "
    "and why; NULL: nothing is withheld",
    "monitor.withheld": "the levels that the market has passed and no order is placed for, and as "
    "level 0 the runner's part: number, "
    "price, quantity, and why",
    "others_close": "what orders that are not on record close beside the ladder, where that is "
    "more than the position has together; NULL: none do",
    "monitor.reported": "what events have reported: size and fills of the position, its cycle, the "
    "ladder, since when it is uncovered, ids and quantity of others' orders; NULL: nothing yet",
    "position_seq": "the exchange's number of the position as last observed; -1: not known",
    "position_read_us": "when it was read: microseconds since the machine started, by a clock that "
    "nobody sets; NULL: not known",
    "waits_until": "until when its run waits, if for a second or more; NULL: it does not",
    "waits_for": "for what; empty: for nothing",
    "anchor_unsure": "whether a run since then could not tell whose the position is",
    "room_taken": "the quantity of external reduce-only orders beside which the exchange refused "
    "or cut what would raise the cover",
    "wakes": "counts wakes; a run that sees it grow does another round",
    "monitor.source": (
        "how it last came under watch: `configured`, `discovered`, `imported` "
        "or `caller`; an `unwatched` monitor no longer runs"
    ),
    "anchor_size": (
        "of the position when it was last known whose it is: trades since then decide whether it "
        "is still the same; NULL: none was read"
    ),
    "anchor_ms": "when Bybit had last changed it, epoch milliseconds",
    "anchor_seq": "Bybit's `seq` of the position then; `-1`: not known",
    "anchor_opened_ms": (
        "when the position opened, epoch milliseconds: orders that ended until then do not count; "
        "`0`: not known"
    ),
    "levels": "of its ladder: number, price, share, what rests, what has filled, status",
    "targets": "what should rest, by the level's number",
    "monitor.orders": "of this cycle, as `order_log` shows them",
    "stopped": "`paused` or `halted`: no write leaves for it; NULL: nobody has stopped it",
    # control
    "control.number": "in the order in which they were asked for",
    "kind": "`pause`, `halt`, `resume`, `resume-all`, which ends a halt, too, or `close`",
    "control.share": "of a close: how much of the position, in per cent; NULL: it is none",
    "control.cycle": "of a close: the position that is meant, as the monitor counts them",
    "control_status.share": "of a close: how much of the position, in per cent; NULL: it is none",
    "control_status.cycle": "of a close: the position that is meant, as the monitor counts them",
    "control.account": "name of the account; empty: all of them",
    "control.symbol": "the contract; empty: all monitors of the account",
    "control.side": "of the position; empty: all monitors of the account",
    "control_status.account": "name of the account; NULL: all of them",
    "control_status.symbol": "the contract; NULL: all monitors of the account",
    "control_status.side": "of the position; NULL: all monitors of the account",
    "command_id": "drawn by whoever asked: a second command with it is the same one",
    "command.kind": "`watch`, `unwatch`, `ladder`, `stop`, `breakeven`, `close`, `pause`, "
    "`resume`, `halt`, `reconcile` or `reload`",
    "command_log.kind": "as in the table",
    "command.account": "name of the account; empty: all of them",
    "command.symbol": "the contract; empty: all monitors of the account",
    "command.side": "of the position; empty: all monitors of the account",
    "command_log.account": "name of the account; NULL: all of them",
    "command_log.symbol": "the contract; NULL: all monitors of the account",
    "command_log.side": "of the position; NULL: all monitors of the account",
    "command.reason": "why; empty: nobody said so",
    "command_log.reason": "why; empty: nobody said so",
    "arguments": "what belongs to its kind, such as the levels of a ladder",
    "changes": "what it was to change: of each monitor before and after, or why it is refused",
    "answered_at": "when the service answered; NULL: it has not, or died meanwhile",
    "answer": "of each monitor `done`, `unchanged`, `refused` or `unknown`, and why; NULL: none",
    "asked_at": "when it was asked for",
    "asked_by": "who asked for it",
    "control.reason": "why; empty: nobody said so",
    "in_force": "1 while a pause or a halt keeps writes from leaving",
    "ended_by": "number of the control that ended it, or took its place; NULL: none has",
    "ended_at": "when that was asked for",
    "acknowledged_at": (
        "since when the engine goes by it, with nothing under way that was sent before; NULL: "
        "not yet, or no engine has run since; of a close since when a run has taken it"
    ),
    # level
    "level": "number of the level; 1 is nearest to the entry",
    "level_status.price": "of the ladder",
    "share": "per cent of the position",
    "target_quantity": "what should rest; NULL: not known yet",
    "live_quantity": "what rests",
    "filled_quantity": "what has filled in this cycle",
    "level_status.status": "of its order: `open`, `pending_new`, `filled`; or `none`",
    "level_status.order_link_id": "of its orders in this cycle; several where it is split",
    "level_status.order_id": "Bybit's ids of the same orders",
    # owned orders
    "order_log.level": (
        "number of the level; `0`: the ladder no longer has it; `-1`: an order of an earlier "
        "position, whose end is not kept any more"
    ),
    "order_log.cycle": "the position it was for, as the monitor counts them",
    "order_link_id": "the id that trueup drew, or that an adopted order had",
    "order_id": "Bybit's id; empty until it answered",
    "intent.part": "1, or more where the level is split at the largest order",
    "order_log.part": "1, or more where the level is split at the largest order",
    "order_log.price": "as the exchange last showed it",
    "asked_price": "as last asked for; differs where the exchange moved it",
    "order_log.quantity": "total, the filled part included",
    "filled": "how much of it has filled",
    "order_log.status": "`pending_new`, `open`, `filled`, `cancelled` or `rejected`",
    "origin": "`placed` by trueup, or `adopted`",
    "generation": "counts the ids drawn for the level part",
    "purpose": "what it is for: `take_profit`",
    "updated_ms": "the exchange's time of its newest state that was seen; 0 before",
    # intent
    "intent.number": "order in which intents were made",
    "intent.id": "the run and a number",
    "operation": "`observe`, `look_up`, `place`, `amend`, `cancel`, `cancel-entry` or `close`",
    "intent.operation": "`place`, `amend`, `cancel`, `cancel-entry` of an entry that the user has "
    "named, or `close` of a part of the position",
    "intent.price": "requested; NULL: it stays as it is, or is the market's",
    "intent.quantity": "total requested; NULL: it stays as it is",
    "covered": "what the level part's order covered before",
    "covers": "what it should cover afterwards",
    "again": "1 where an earlier request carried the same order link id",
    "pending_write.status": "what its order waits for, as FIX has it: `pending_new`, "
    "`pending_replace` or `pending_cancel`",
    "acknowledged": "1 where the exchange accepted the request",
    "price_before": "of the order when the write was announced, or as a read has shown it since, "
    "while the write was open; NULL for a place",
    "quantity_before": "its total quantity then",
    "announced_us": "when it was announced, or left last: microseconds since the machine started, "
    "by a clock that nobody sets",
    "until": "when nobody waits for its effect any more",
    "intent.status": "`planned`, `sent`, `confirmed`, `refused`, `held`, `unknown` or `resolved`",
    "code": "Bybit's code of a refusal, or an HTTP status",
    "intent.detail": "what became of it",
    "created_at": "when it was made",
    "resolved_at": "when its outcome was known; NULL: it is open",
    # journal
    "id": "order in which they were written",
    "journal.id": "of the commit that wrote it: they are in order",
    "part": "place among what the commit wrote of this kind",
    "settled_in": "the journal's row with its end; of an open one the row to come",
    "at_us": "microseconds since 1970: all times in the row count from here",
    "transitions": "for each: time, source, event, target, detail",
    "calls": "for each: time, operation, order link id (a number is the place of its write among "
    "`intents`), outcome, code, latency, detail",
    "decisions": "for each: time, number of its phrase, the values in it",
    "intents": "for each that is over: what `intent_log` shows of it, what is mostly missing last",
    "phrase.id": "its number in the journal",
    "phrase.text": "the words, with `%s` for each value",
    "journal.events": "what happened: time, kind, and the fields of each event by their names",
    "checksum": (
        "the CRC-32 of the other columns but `id`, as a signed number: a row that was changed by "
        "hand does not fit it"
    ),
    "journal.orders": "the cycle that is over, and its orders as `order_log` shows them",
    "monitor.stop": "its stop: what is wanted, by which rule it was asked to be where, what was "
    "seen of it, and the requests that nothing has settled; what equals its default is left out; "
    "NULL: none is wanted",
    "ladder_rule": "its ladder by rule, whose it is, and the `cycle` for which the levels were "
    "reckoned by it; NULL: its levels are given as prices",
    "monitor.closing": "closes that were commanded: the number of the newest command that a run "
    "has taken, and the last close; what equals its default is left out; NULL: there was none",
    "close_status.cause": "who commanded it: `command` (a person or a program), `crossed` (a "
    "stop that the market was past), or `deadline`",
    "close_status.number": "of the command in `control_status`; 0: it was none",
    "close_status.reason": "why; empty: nobody said so",
    "close_status.share": "how much of the position was to be closed, in per cent",
    "close_status.size": "of the position when a run took the command",
    "close_status.quantity": "what was to be closed of it",
    "close_status.filled": "what is known to be closed",
    "close_status.status": "`open`, `done`, `part`: less was closed, or `refused`: nothing was",
    "close_status.detail": "why it ended so, or what the rest waits for",
    "close_status.began_at": "when a run took the command",
    "close_log.number": "order in which requests were made",
    "close_log.generation": "counts the requests of one close: what is left is asked for anew",
    "close_log.size": "of the position when it was made",
    "close_log.quantity": "what it asks for",
    "close_log.status": "how far it is, as in `intent_log`",
    "close_log.detail": "what became of it, and how much it closed",
    "journal.stops": "the requests that set the position's stop, each as the commit leaves it: "
    "time, id, cycle, generation, price, trailing, activation, price before, rule, status, code, "
    "detail, trailing before, activation before, and of an order quantity, quantity before, "
    "operation and link id",
    "stop_status.source": "whose settings they are: `given`, the account that a mirror "
    "follows, or `live stop` of one that was adopted",
    "stop_status.asked_price": "the tightest that the position's stop was asked to be; NULL: not "
    "yet",
    "rule": "which rule asks for that",
    "stop_status.price": "where the exchange shows it; NULL: none, or not known",
    "trailing": "how far it trails the best price; NULL or 0: it does not",
    "stop_status.status": "`protected`; `elsewhere`: a stop rests, but not where it is wanted; "
    "`unprotected`; `flat`; `unknown`: the last run could not read it",
    "protected_quantity": "how much of the position a stop closes; NULL: not known",
    "problem": "why the position lacks the stop that is wanted; empty if it does not",
    "unprotected_since": "since when the position has no stop; NULL: it has one, or is flat",
    "stop_status.form": "`position`: the exchange's own stop; `order`: an order of trueup's",
    "stop_status.limit_price": "at which its limit order closes at worst; NULL: it is a market "
    "order, or not known",
    "runner_quantity": "how much of the position no level closes, so that the trailing stop "
    "has to; NULL: not known",
    "runner": "`trails`: the stop that was read trails, and closes that; `waits`: it does not yet, "
    "and nothing covers that; empty: nothing is left to the stop; NULL: not known",
    "stop_log.limit_price": "of its limit order; NULL: a market order, or the exchange's own stop",
    "stop_log.limit_price_before": "the same before",
    "stop_status.order_link_id": "of that order; empty: there is none",
    "stop_status.generation": "of the newest request that sets it",
    "pending": "how many requests nothing has settled yet",
    "intent_id": "of the request",
    "stop_log.generation": "counts the requests that set the monitor's stop",
    "stop_log.price_before": "what a read had shown before",
    "trailing_before": "how far it trailed the best price then; 0: it did not",
    "activation_before": "the price from which on it did; 0: at once",
    "activation": "the price from which on it trails; 0: at once",
    "protection_log.quantity": "how much of the position no stop closed",
    "protection_log.until": "when a run found it protected again, or closed; NULL: it lasts",
    "stop_log.quantity": "how much of the position its order closes; NULL: the exchange sizes it",
    "stop_log.quantity_before": "how much the stop closed then; NULL: the exchange sized it",
    "stop_log.operation": "`place`, `amend` or `cancel`; empty: it sets the exchange's own stop",
    "stop_log.order_link_id": "of the order that is the stop; empty: it is the exchange's own",
    "stop_log.price": "what it sets; 0: none",
    "stop_log.status": "how far it was with that commit, as in `intent_log`",
    "journal.inputs": "what the run learned of the world, compressed, for `trueup replay`",
    "source": "state before",
    "event": "of the machine",
    "target": "state after",
    "at": "when",
    "detail": "why, in words",
    "outcome": "`accepted`, `complete`, `found`, `unsure`, a class of codes …",
    "latency_ms": "of the requests that it took",
    "state": "in which it was decided",
    "text": "for people",
    # events
    "event_log.kind": "such as `level-filled` or `position-closed`",
    "event_log.at": "when a run reported it",
    "event_log.detail": "its fields by their names, as JSON; a length of time in microseconds",
    "fill_log.level": "number of the level; `0`: the ladder no longer has it; `-1`: it was one of "
    "the last position",
    "fill_log.quantity": "of the execution; or what has filled since the order was last reported",
    "fill_log.price": "of the execution, or on average; NULL if it is not known",
    "place": "counts the executions of one event",
    "limit_price": "of the order: it filled there or better",
    "execution_id": "the exchange's; NULL where the executions are not known",
    "executed_at": "when, by the exchange's clock; NULL where that is not known",
    "fee": "trading fee in the coin that the contract settles in; NULL if it is not known",
    "result_log.kind": "`position-closed` or `position-flipped`",
    "cause": "by what it was closed, beside its TP orders",
    "result_log.before": "its size when it was last known",
    "closed": "how much of it was closed while it was watched",
    "unknown": "the part of that of which the price is not known",
    "gross": "what the rest has brought, before fees; NULL if nothing is known",
    "fees": "the known trading fees of closing it, without taxes, funding and those of opening it",
    "fees_unknown": "the part of `closed` of which the fees are not known",
    "result_log.at": "when a run reported it",
    "remaining": "what the order may still fill; `0` once it is closed",
    "fill_log.at": "when a run reported it",
    "coverage_log.quantity": "what no order covered at first",
    "since": "when the run ended that left it so",
    "coverage_log.until": "when a run found it whole again, or closed; NULL: it lasts",
    "why": "what the first run had to say about it",
    "who": "where the ladder is from: `given`, `live orders`, a main account's name, or `exchange`",
    "before": "the last ladder; NULL if there was none",
    "after": "the ladder since then",
    "ladder_log.at": "when a run reported it",
    # leases, where several processes share a database
    "shard.number": "of a share of the accounts",
    "owner": "the process that has the lease, or had it last; empty: it gave the lease back",
    "shard.epoch": "counts owners",
    "lease_until_us": "until when the lease lasts unless it is renewed, by the server's clock, "
    "microseconds since 1970; NULL: nobody has it",
    # orders to the processes that share a database
    "worker": "the process that shall have no shards; empty: none of them shall",
    "ordered_at": "since when",
    "ordered_by": "who ordered it",
    "fleet_order.reason": "why, in their words",
    # starts of the service
    "engine_start.id": "counts starts",
    "started_at": "when it started",
    "stopped_at": "when it had stopped; NULL: it runs, or its process died",
    "trueup_version": "of trueup",
    "schema_version": "of the database: the last migration",
    "pybit_version": "of pybit",
    "settings": "each setting by its name, and each account without its key, as JSON",
    "changed": "settings that are new, or other ones than at the start before; NULL at the first",
    "unwatched.size": "of the position when a sweep first saw it",
    "unwatched.entry_price": "of the position then",
    "unwatched.since": "when a sweep first saw it",
    "unwatched.until": "when sweeps found that it is over; NULL: it lasts",
    "unwatched.why": "why it is over; NULL or empty while it lasts",
    # everything in one sequence
    "timeline.account": "name of the account; NULL: it concerns all of them",
    "timeline.symbol": "the contract; NULL: it concerns all of them",
    "timeline.side": "of the position; NULL: it concerns both, or all of them",
    "timeline.run_id": "the run; NULL: it is of none",
    "timeline.kind": "`start`, `stop`, `call`, `write`, `step`, `fill`, `ladder`, `event` or "
    "`alert`; or `pause`, `halt`, `resume`, `resume-all`, `close`",
    "what": "in a few words",
    "timeline.detail": "the rest: what came of it, why, or the fields of an event as JSON",
    "commit_at": "when the first thing happened that was written with it, to the second; a query "
    "that asks for it is faster than one that asks for `at`",
    # what pruning removed
    "pruning.id": "number of the range",
    "pruned_at": "when it was removed",
    "from_table": "the table",
    "first_id": "the first row id of the range",
    "last_id": "the last row id of the range; no row between them is left",
    "row_count": "how many rows it had",
    "newest_at": "of when its newest row was",
    # outbox
    "alert.status": "outcome of the run",
    "delivered_at": "when every sink had accepted it; NULL: pending",
    "alert.attempts": "how often the sink that took longest was given it",
    "deliveries": "by sink: attempts, when it had the alert, when the next try is due, error; and "
    "`true` where the sink asked to be left alone until then",
    "facts": "what it says, for programs: `kinds`, `codes`, `uncovered` and `unprotected` (how "
    "much, and since when), `next_try_at`; what there is none of is left out",
    "alert.kinds": "of what it tells: kinds of events, `repair`, `problem`, `all-clear`, "
    "`account`, `refused` or `digest`, with blanks between; empty in an alert from before they "
    "were recorded",
    "alert.uncovered": "how much of the position no order covered; NULL: nothing, or unknown",
    "alert.uncovered_since": "since when that was known; NULL: since this alert",
    "alert.unprotected": "how much of the position no stop protected; NULL: nothing",
    "alert.unprotected_since": "since when that was known",
    "alert_id": "the alert's row in `alert_log`",
    "sink": "its `name`, if it has one, else its class",
    "attempts": "how often the sink was given it",
    "alert_delivery_log.delivered_at": "when the sink had taken it; NULL: not yet",
    "alert_delivery_log.next_try_at": "when it is due again; NULL: at once, or the sink has it",
    "error": "class of what the sink raised last, or why it says that it did not take the alert; "
    "empty if it took it",
}


def meaning(table: str, column: str) -> str:
    """What a column means.

    Raises:
        LookupError: no meaning is written down.
    """
    found = MEANINGS.get(f"{table}.{column}") or MEANINGS.get(column)
    if found is None:
        raise LookupError(f"docs/writers/columns.py says nothing of {table}.{column}")
    return found
