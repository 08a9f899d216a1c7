"""What the options of ``trueup.toml`` mean, by section and name."""

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "store.url": "The database: `sqlite:///FILE`, relative to the working directory.",
    "engine.interval_seconds": "The time from the start of one sweep of an account to the start "
    "of the next.",
    "engine.streams": "Whether to open the accounts' private streams. Without them only sweeps "
    "find what changed.",
    "engine.streamed_interval_seconds": "The same while the account's stream keeps its view "
    "synced.",
    "engine.runs_per_account": "How many of them may belong to one account.",
    "engine.replace": "`amend` changes orders in place; `cancel` cancels and places again, one "
    "level at a time.",
    "engine.read_budget_seconds": "How long a failing read is repeated before the run ends without "
    "having seen the exchange.",
    "engine.grace_seconds": "How long a run waits for the effect of a write before it decides "
    "anew; also the longest pause between tries.",
    "engine.decided_within_seconds": "How long after a run last asked the exchange a write of it "
    "may leave; after a longer pause nothing leaves, and the run reads and plans anew.",
    "engine.requests_late_seconds": "How long after it left the exchange may still execute a "
    "request: Bybit's receive window, with which requests are signed.",
    "engine.reads_late_seconds": "How late reads may show the effect of a write. An order that is "
    "shown later still is found all the same, and put right in the next pass.",
    "engine.transport": "What sends the requests that pybit makes: `lean` is trueup's own, many at "
    "once in one thread; `pybit` has pybit use its session of requests, in threads. Both honour "
    "`HTTPS_PROXY` and `NO_PROXY`.",
    "engine.pause_seconds": "The first pause between tries; each further one is twice as long.",
    "engine.max_rounds": "How often a run may go back to Validating, in addition to once for "
    "each level.",
    "engine.max_requests": "How many requests a run may send for a ladder of up to four levels; "
    "for a longer one, a quarter of it for each level. The next run goes on.",
    "engine.retry_after_seconds": "The pause after the first run that failed; doubled with each "
    "further one.",
    "engine.retry_cap_seconds": "The longest pause after a run that failed.",
    "engine.contest_changes": "How many changes in a row by somebody else, of orders that trueup "
    "owns, are a contest. Its repairs keep a pause, and an alert says so.",
    "engine.contest_window_seconds": "The longest time between two of them for the second to count "
    "as one more; without a change for as long, a contest is over.",
    "engine.contest_pause_seconds": "The first pause; doubled with each further change.",
    "engine.contest_cap_seconds": "The longest pause in a contest.",
    "engine.by_hand": "What to do about a TP that somebody moved in the app: `restore` puts it "
    "back, `adopt` takes its price into the ladder, whose shares stay; quantities are restored, "
    "and what was cancelled is placed again, in both cases. `pause` leaves every change as it is "
    "and pauses the monitor, until `trueup resume`.",
    "engine.beyond_market": "What becomes of a level that has no order yet, and whose price the "
    "market has passed: `fill` places it, and it fills at once; `wait` places it once the market "
    "has come back; `refuse` does that, too, and until then the run is `PARTIAL`.",
    "engine.alerts_of": "Which kinds of events are alerted, also where a run sent nothing.",
    "accounts.environment": "`mainnet`, `testnet`, `demo`, or a base URL such as the "
    "simulator's. There is no default, because real money is at stake.",
    "accounts.api_key_env": "The name of the environment variable with the API key.",
    "accounts.api_secret_env": "The name of the environment variable with the API secret.",
    "accounts.role": "`main`, or `mirror` for an account that follows a main account.",
    "accounts.follows": "The main account whose ladders a mirror may copy; required for a mirror.",
    "accounts.position_mode": "The position mode that is set at Bybit; trueup does not change it.",
    "monitors.account": "One of the configured accounts.",
    "monitors.symbol": "A linear contract, such as `BANDUSDT` or `BTCUSDT-26DEC25`.",
    "monitors.side": "The side of the position: `Buy` is long.",
    "monitors.ladder": "The levels, nearest first; their shares sum to 100. Without it, the "
    "stored ladder counts, else the live TP orders, else the main account's ladder.",
    "ladder.price": "The price of the level: a multiple of the contract's tick size.",
    "ladder.share": "The share of the position, in per cent.",
    "recognition.adopt": "`known` adopts live take-profits that are not on record if their ids "
    "belong to one of the families below; `never` adopts none. Orders with an empty id or a UUID, "
    "and manual and emergency orders, are never adopted.",
    "recognition.families": "The families of ids that may be adopted. `trueup recognise` names "
    "the family of an id.",
    "recognition.contradiction": "Which ladder wins where adopted take-profits rest at other "
    "prices than the ladder on record; either way there is an alert.",
    "retention.journal_days": "Rows of the journal are kept for so many days; `0`: for good.",
    "retention.journal_rows": "So many of the newest are kept at most; `0`: all.",
    "retention.alert_days": "Alerts are kept for so many days; `0`: for good.",
    "retention.alert_rows": "So many of the newest are kept at most; `0`: all.",
    "retention.control_days": "Pauses, halts and resumes, from their end on, are kept for so many "
    "days; `0`: for good.",
    "retention.control_rows": "So many of the newest are kept at most; `0`: all.",
    "retention.engine_start_days": "Starts of the service, from their end on, are kept for so many "
    "days; `0`: for good.",
    "retention.engine_start_rows": "So many of the newest are kept at most; `0`: all.",
    "retention.unwatched_days": "Positions that no monitor watches, from their end on, are kept "
    "for so many days; `0`: for good.",
    "retention.unwatched_rows": "So many of the newest are kept at most; `0`: all.",
}
