"""``operations.md``: how to run trueup as a service, with the figures that it offers."""

from trueup.service.measuring.figures import FIGURES

from ..markdown import page, table

_SYSTEMD = """
## systemd

[systemd/trueup.service](systemd/trueup.service) is a unit that runs trueup as a user of its own,
with nothing but its database to write. The keys are credentials: `LoadCredential=` of the unit,
`api_key_credential` and `api_secret_credential` of the [configuration](configuration.md).

- `Type=notify`: the unit is active once the engine watches its monitors. An exchange that does not
  answer does not keep it from that: the engine waits for it and says so.
- `systemctl reload` reads the configuration again; one with a mistake is refused, and the log says
  why.
- The watchdog gets its sign of life from the thread that does all jobs. One that hangs gives none:
  systemd ends the process, and the next start goes on from the record.
- A stop waits up to 30 s for the runs under way.
- Exit code 2, a mistake in the configuration, is not restarted.
"""
_SECRETS = """
## Secrets

API keys, alert URLs and tokens are in variables, files (`…_file`) or credentials of systemd
(`…_credential`), whichever you like for each. One rule holds for all of them: **a file that
everybody on the machine may read or write is refused**, with the `chmod` that mends it. One that
its group may read is taken, since that is how a secret reaches a user that is not root:
"""
_PLACES = (
    ("a file of yours", "`chmod 600 FILE`"),
    (
        "systemd",
        "nothing to do: a credential is 0400, or looks like 0440 where the unit has its own user",
    ),
    (
        "Kubernetes",
        "0644 by default: `defaultMode: 0440`, and `fsGroup: 10001` in the `securityContext`",
    ),
    ("Docker Swarm", 'a secret has 0444 by default: `mode: 0400` and `uid: "10001"`'),
    ("Podman", "a secret has 0444 by default: `--secret NAME,uid=10001,mode=0400`"),
    (
        "Compose without Swarm",
        "the secret is the host's file as it is: `chown 10001 FILE; chmod 400 FILE`",
    ),
)
_CONTAINER = """
## Container

The `Containerfile` of the source distribution makes an image of the wheel and of `service.lock`,
which pins all libraries by their hashes. The process is user 10001, the root may be read-only, the
database is in the volume `/data`; mount configuration and keys at `/etc/trueup` (`api_key_file`).
The image asks `/healthz` for its health. Stop it with 40 s of patience.
"""
_FIGURES = """
## Figures, and health

A running service answers on its Unix socket, and on loopback where `[service]` says so:

| path | answer |
|---|---|
| `/healthz` | 200 while the thread that does all jobs answers; 503: restart the process |
| `/readyz` | 200 while every account is readable, was swept in the last five minutes and has its \
private stream, or lost it less than two minutes ago, and the database can be written; 503: why |
| `/metrics` | the figures below for Prometheus; needs `pip install 'trueup[web]'` |

On loopback a request carries the token: `authorization` with `credentials_file` in Prometheus'
`scrape_configs`. [prometheus-rules.yml](prometheus-rules.yml) has alerting rules, each with what to
do. No figure has more values than there are accounts, monitors, sinks, codes and limits.
"""
_LOG = """
## The log

The log is on stderr, alerts too. `trueup run --log-json` writes one JSON object a line: `time`
(UTC), `level` (of an alert `ALERT`), `message`, and where they are known `account`, `symbol`,
`side`, `run` and `error`. No key is ever in it.
"""
_BACKUPS = """
## Backups

`trueup backup FILE` copies the database while the engine runs: [database.md](database.md#backups).
"""


def operations() -> str:
    """The page."""
    rows = (
        (f"`{each.name}`", each.kind.value, ", ".join(each.labels), each.meaning)
        for each in FIGURES
    )
    places = table(("where", "how"), _PLACES)
    figures = table(("figure", "kind", "labels", "meaning"), rows)
    return page(
        "Operations", _SYSTEMD, _SECRETS, places, _CONTAINER, _FIGURES, figures, _LOG, _BACKUPS
    )
