"""The lines of alerts that say why no write leaves: somebody stopped it, or the key may not."""

from .explanations import TRY_AGAIN, explained

_OWN_KEY = "Give each account a key of its own UID, or remove one of the two names."

STOPPED = (
    explained(
        "no write leaves for …: … halted by … since …",
        "Somebody has halted everything: the line says who, since when, and why if that was given.",
        "`trueup resume --all` once writes may leave again; nothing narrower ends a halt.",
    ),
    explained(
        "no write leaves for …: … paused by … since …",
        "Somebody has paused the monitor, its account or all accounts: the line says who, since "
        "when, and why if that was given.",
        "`trueup resume` with what was paused, once writes may leave again.",
    ),
    explained(
        "no write leaves for …: it is not known whether somebody has stopped …: …",
        "The database could not be read, where pauses and halts are on record.",
        "See the database's error. trueup tries again.",
    ),
)

KEYS = (
    explained(
        "no write leaves for …: it has the API key of account …, so both names mean the same "
        "positions: …",
        "Two accounts of the configuration have one key. Each would put a ladder on the same "
        "positions, so the second one sends nothing.",
        _OWN_KEY,
    ),
    explained(
        "no write leaves for …: it has a key of the same UID as account …, so both names mean the "
        "same positions: …",
        "Two accounts of the configuration have keys of one UID. Each would put a ladder on the "
        "same positions, so the second one sends nothing.",
        _OWN_KEY,
    ),
    explained(
        "no write leaves for …: the API key may only read: …",
        "The exchange says that the key is read-only.",
        "Give the key the permission to write, or use another one.",
    ),
    explained(
        "no write leaves for …: the API key lacks the permission to trade contracts …",
        "The exchange says that the key may not place orders of contracts.",
        "Grant orders and positions of contracts to the key, or use another one.",
    ),
    explained(
        "no write leaves for …: the account's type is not supported: …",
        "The account is a classic one; trueup trades contracts of unified trading accounts.",
        "Upgrade the account at the exchange.",
    ),
    explained(
        "no write leaves for …: the API key was never identified, and whose it is could not be "
        "read now (…): …",
        "Nobody knows whose this new key is, and the exchange could not be asked.",
        TRY_AGAIN,
    ),
    explained(
        "no write leaves for …: …",
        "The exchange refuses the key with this code.",
        "See the code's remedy below. trueup goes on by itself once the key is accepted.",
    ),
    explained(
        "the position of … is of mode …, and the account is configured as …: set `position_mode = "
        "…",
        "The exchange would refuse every order for this position.",
        "Set the mode of the account in the configuration, and load it again.",
    ),
    explained(
        "the API key expires on … (…): renew it at the exchange, or positions lose their upkeep",
        "A key that expires is refused from that day on.",
        "Renew the key, or bind it to an address if that makes it last.",
    ),
)
