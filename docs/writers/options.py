"""What the options of ``trueup.toml`` mean, by section and name."""

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "store.url": "The database: `sqlite:///FILE`, relative to the working folder.",
    "engine.interval_seconds": "From the start of a sweep to the start of the next one.",
    "engine.streams": "Whether to listen to the accounts' private streams. Without them sweeps "
    "alone find what changed.",
    "engine.streamed_interval_seconds": "The same while an account's streams are proven.",
    "engine.threads": "Runs and sweeps under way at once, of all accounts.",
    "engine.runs_per_account": "Those of one account.",
    "engine.replace": "`amend` changes orders in place; `cancel` cancels and places, one level "
    "at a time.",
    "engine.read_budget_seconds": "How long a read that fails is tried again before the run is "
    "blind.",
    "engine.grace_seconds": 'How long "found nowhere" proves nothing; also the longest pause '
    "between tries.",
    "engine.pause_seconds": "The first pause between tries; each next one is twice as long.",
    "engine.max_rounds": "How often a run goes back to Validating, beside once for each level.",
    "engine.retry_after_seconds": "Pause after the first run that did not come out; doubled with "
    "each further one.",
    "engine.retry_cap_seconds": "The longest pause between such runs.",
    "accounts.environment": "`mainnet`, `testnet`, `demo`, or a base URL such as the "
    "simulator's. There is no default: it is real money.",
    "accounts.api_key_env": "The name of the environment variable that holds the API key.",
    "accounts.api_secret_env": "The name of the environment variable that holds the secret.",
    "accounts.role": "What the account is to the others.",
    "accounts.follows": "For a mirror: the main account whose ladders it may take. A mirror needs "
    "it.",
    "accounts.position_mode": "As it is set at Bybit; trueup does not change it.",
    "monitors.account": "One of the configured accounts.",
    "monitors.symbol": "A linear perpetual, such as `BANDUSDT`.",
    "monitors.side": "Of the position: `Buy` is long.",
    "monitors.ladder": "The levels, nearest first; shares sum to 100. Without it: the stored "
    "ladder, else the live TP orders, else the main account's ladder.",
    "ladder.price": "Of the level: a multiple of the contract's tick.",
    "ladder.share": "Per cent of the position.",
    "recognition.adopt": "`known` takes over live take-profits that are not on record, if their "
    "ids are of a family below; `never` takes over none. Empty ids, UUIDs, manual and emergency "
    "orders are never taken over.",
    "recognition.families": "The families of ids that may be taken over. `trueup recognise` names "
    "the family of an id.",
    "recognition.contradiction": "Which ladder wins where live take-profits that are taken over "
    "stand at other prices than the ladder on record; either way it is alerted.",
}
