"""What the options of ``trueup.toml`` mean, by section and name."""

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "store.url": "The database: `sqlite:///FILE`, relative to the working directory, or "
    "`postgresql://USER@HOST/DATABASE`, without a password ([PostgreSQL](postgres.md)).",
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
    "for a longer one, a quarter of it for each level; half as many more where the stop was set, "
    "and where orders have to be looked for. The next run goes on.",
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
    "accounts.api_key_env": "The name of the environment variable with the API key. An account "
    "has one of the three options, and one of the next three.",
    "accounts.api_key_file": "A file that holds the API key, with a `/` in its path.",
    "accounts.api_key_credential": "The name of the systemd credential with the API key: "
    "`LoadCredential=` of the unit, `CREDENTIALS_DIRECTORY` of the process.",
    "accounts.api_secret_env": "The name of the environment variable with the API secret.",
    "accounts.api_secret_file": "A file that holds the API secret.",
    "accounts.api_secret_credential": "The name of the systemd credential with the API secret.",
    "accounts.role": "`main`, or `mirror` for an account that follows a main account.",
    "accounts.follows": "The main account whose ladders a mirror may copy; required for a mirror.",
    "accounts.auto_watch": "The `[ladders.NAME]`, in percent or R, that a position gets with its "
    "stop if no monitor watches it and nobody unwatched it; also one that is open at the start. "
    "Without it, such a position is alerted and left alone.",
    "accounts.position_mode": "The position mode that is set at Bybit; trueup does not change it.",
    "monitors.account": "One of the configured accounts.",
    "monitors.symbol": "A linear contract, such as `BANDUSDT` or `BTCUSDT-26DEC25`.",
    "monitors.side": "The side of the position: `Buy` is long.",
    "monitors.ladder": "The levels, nearest first; their shares sum to 100. The last one may be "
    "`{runner = 20}`. Or the name of a "
    'ladder, `"swing"` for `[ladders.swing]`. Without it, the stored ladder counts, else the live '
    "TP orders, else the main account's ladder.",
    "monitors.basis": "Of a ladder in `percent` or `r`: see the basis of a ladder below.",
    "monitors.stop": "Where the stop is and by which rules it moves: a table such as "
    '`{percent = 2}`, or the name of one, `"near"` for `[stops.near]`. It goes before the stop of '
    "the ladder that the monitor names. `false` takes the stop off the monitor, and leaves what "
    "rests; without the option, the stored stop counts.",
    "ladder.price": "The price of the level: a multiple of the contract's tick size. A level has "
    "one of `price`, `percent` and `r`, the same for all levels of a ladder.",
    "ladder.percent": "How far the level is from the entry, in per cent of it.",
    "ladder.r": "How far the level is from the entry, in R: the distance from the average entry to "
    "the first stop of the position.",
    "ladder.share": "The share of the position, in per cent; each level has one.",
    "ladder.runner": "Of the last level only, instead of all other options: the share of the "
    "position that has no order and is left to the trailing stop. The `stop` beside the ladder "
    "needs `trailing`.",
    "ladders.levels": "The levels, nearest first; their shares sum to 100. The last one may be "
    "`{runner = 20}`.",
    "ladders.basis": "Of a ladder in `percent` or `r`. `first_fill` reckons the prices from the "
    "position's first fill, and they stay; with `average`, levels that have not filled follow the "
    "average entry. Without it, `first_fill`.",
    "ladders.stop": "The stop of monitors that name the ladder and have none of their own: a "
    "table, or a name.",
    "stops.price": "The first stop, at a fixed price: a multiple of the contract's tick size. A "
    "stop starts at a `price`, at a `percent`, or with a trailing stop that starts at once.",
    "stops.percent": "The first stop, in per cent from the average entry.",
    "stops.breakeven": "When the stop goes to the entry; see below.",
    "stops.moving_target": "How many targets the stop follows behind: `1` is breakeven after TP1, "
    "the price of TP1 after TP2, and so on.",
    "stops.behind_target": "How far the stop is behind the level that was reached last, in per "
    "cent of its price.",
    "stops.trailing": "The exchange's own trailing stop beside it, which works while trueup is "
    "down; see below.",
    "stops.form": "`position`: the exchange's own stop of the position, which it sizes itself. "
    "`order`: a conditional reduce-only order, where another tool owns the position's stop.",
    "stops.limit_percent": "Makes a stop of the form `order` a limit order, whose price is so many "
    "per cent of the trigger behind it, on the losing side. Where the market gaps past that price, "
    "the position stays open and unprotected.",
    "stops.trigger_by": "The price that triggers the stop: of the last trade, the mark price or "
    "the index.",
    "stops.on_crossed": "What happens where the market is already past the stop: `alert`, or "
    "`close` the position.",
    "stops.follow_average": "Whether a stop in per cent follows the average entry both ways, until "
    "a level has filled or a rule has tightened it. Without it, a stop never loosens.",
    "stops.close_after_hours": "The position is closed so many hours after trueup saw it first.",
    "stops.cancel_entries": "The pattern of the link ids of entries that are cancelled once a "
    "level has filled, such as `BOT_*_LIMIT*`, or a list of patterns. All other entries are left "
    "alone.",
    "stops.cancel_entries_on": "The level that they are cancelled on; without it, `TP1`.",
    "breakeven.after_level": "Once this level, such as `TP1`, has filled, or one beyond it.",
    "breakeven.after_percent": "Once the price has been so much in profit, in per cent of the "
    "entry.",
    "breakeven.offset": "How far beyond the entry the stop goes, in per cent of it, for the fees; "
    "or `fees`: as far as the real fees of both ways ask. Without it, the entry itself.",
    "trailing.distance": "How far it is behind the best price, in quote coin; or `percent`.",
    "trailing.percent": "The same, in per cent of the price at which it starts.",
    "trailing.activation": "The price at which it starts.",
    "trailing.after_level": "The level, such as `TP1`, after which it starts. Without either, it "
    "starts at once.",
    "recognition.adopt": "`known` adopts live take-profits that are not on record if their ids "
    "belong to one of the families below; `never` adopts none. Orders with an empty id or a UUID, "
    "and manual and emergency orders, are never adopted.",
    "recognition.families": "The families of ids that may be adopted. `trueup recognise` names "
    "the family of an id.",
    "recognition.adopt_stops": "Whether a monitor for which no stop is wanted keeps the position's "
    "own stop where it rests, for as long as the position is open; see "
    "[protection.md](protection.md).",
    "recognition.contradiction": "Which ladder wins where adopted take-profits rest at other "
    "prices than the ladder on record; either way there is an alert.",
    "retention.journal_days": "Rows of the journal are kept for so many days; `0`: for good.",
    "retention.journal_rows": "So many of the newest are kept at most; `0`: all.",
    "retention.alert_days": "Alerts are kept for so many days; `0`: for good.",
    "retention.alert_rows": "So many of the newest are kept at most; `0`: all.",
    "retention.control_days": "Pauses, halts and resumes, from their end on, are kept for so many "
    "days; `0`: for good.",
    "retention.control_rows": "So many of the newest are kept at most; `0`: all.",
    "retention.command_days": "Commands to the service, from their answer on, are kept for so many "
    "days; `0`: for good. One that is gone could be given again with its id.",
    "retention.command_rows": "So many of the newest are kept at most; `0`: all.",
    "retention.engine_start_days": "Starts of the service, from their end on, are kept for so many "
    "days; `0`: for good.",
    "retention.engine_start_rows": "So many of the newest are kept at most; `0`: all.",
    "retention.unwatched_days": "Positions that no monitor watches, from their end on, are kept "
    "for so many days; `0`: for good.",
    "retention.unwatched_rows": "So many of the newest are kept at most; `0`: all.",
    "service.socket": "The Unix socket on which a running service can be asked: a path, relative "
    "to the working directory. Without it, `trueup.db.sock` beside the database `trueup.db`; "
    "`false` for none.",
    "service.listen": "A port on loopback beside it, such as `127.0.0.1:8710`. It needs a token.",
    "service.token_env": "The name of the environment variable with the token that a request on "
    "loopback carries: at least 16 characters, such as the output of `openssl rand -hex 32`.",
    "service.token_file": "The file that holds it, with a `/` in its path.",
    "service.token_credential": "The systemd credential that holds it.",
    "alerts.to": "Who gets alerts beside stderr, each a table `[alerts.to.NAME]`; see "
    "[notifications.md](notifications.md).",
    "alerts.heartbeat": "A table `[alerts.heartbeat]`: a URL that is asked for while all is well.",
    "alerts.digest_at": 'When the daily digest is due, as `"08:00"`; without it there is none.',
    "alerts.zone": "The time zone of `digest_at`, such as `Europe/Berlin`.",
    "heartbeat.url": "As for a receiver, with `http` or `https`.",
    "heartbeat.url_env": "The environment variable that holds the URL.",
    "heartbeat.url_file": "The file that holds it, with a `/` in its path.",
    "heartbeat.url_credential": "The systemd credential that holds it.",
    "heartbeat.every_seconds": "How often.",
    "telegram.token_env": "The name of the environment variable with the token of your bot, as "
    "BotFather gives it. One of the three options; see [telegram.md](telegram.md).",
    "telegram.token_file": "The file that holds it, with a `/` in its path.",
    "telegram.token_credential": "The systemd credential that holds it.",
    "telegram.chats": "The ids of the chats that may give commands; of groups they are negative. "
    "Nobody else gets an answer.",
    "telegram.url": "Where Telegram's API is, for tests and for a Bot API server of your own: "
    "`https`, or `http` on this machine.",
    "target.url": "The URL, where it has no secret, such as `json://localhost:8080/hook`. One with "
    "a user, or of a service that knows its sender by the URL, is refused here.",
    "target.url_env": "The environment variable that holds the URL.",
    "target.url_file": "The file that holds it, with a `/` in its path.",
    "target.url_credential": "The systemd credential that holds it.",
    "target.kinds": "The kinds of alerts that it gets; without them, all.",
    "target.levels": "How loud they may be; without them, all.",
    "target.accounts": "The accounts whose alerts it gets; without them, all. Alerts about trueup "
    "itself go to everybody.",
}
