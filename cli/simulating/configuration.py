"""A configuration for trueup on a simulator, and the environment that it needs."""

from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from ...domain.model.errors import ConfigurationError
from ...simulator import Simulator

_MARK = "# Written by `trueup simulator`"
_HEAD = f"""\
{_MARK} at {{url}}.
# A position that is opened there gets this ladder, and this stop.

[ladders.swing]
levels = [
    {{{{percent = 1, share = 50}}}},
    {{{{percent = 2, share = 30}}}},
    {{{{percent = 3, share = 20}}}},
]
stop = {{{{percent = 2}}}}
"""
_ACCOUNT = """
[accounts.{name}]
environment = "{url}"
api_key_env = "{variable}_API_KEY"
api_secret_env = "{variable}_API_SECRET"
auto_watch = "swing"
"""
_MIRROR = """\
role = "mirror"
follows = "main"
"""
_HEDGE = """\
position_mode = "hedge"
"""


def configuration_for(sim: Simulator, url: str) -> str:
    """A trueup.toml for the simulator's accounts: the first is the main one, the others mirror it.

    Every position that is opened on them is watched, with a ladder and a stop in percent.
    """
    parts = [_HEAD.format(url=url)]
    for name, uid in _named(sim):
        parts.append(_ACCOUNT.format(name=name, url=url, variable=name.upper()))
        parts += [_MIRROR] if name != "main" else []
        parts += [_HEDGE] if sim.is_hedged(uid) else []
    return "".join(parts)


def exports_for(sim: Simulator) -> str:
    """The shell's commands that set the variables which that configuration names."""
    lines = []
    for name, uid in _named(sim):
        key, variable = sim.keys(uid)[0], name.upper()
        values = {"KEY": key.key, "SECRET": key.secret}
        shown = [f"{variable}_API_{what}={quote(text)}" for what, text in values.items()]
        lines.append(f"export {' '.join(shown)}")
    return "\n".join(lines)


def check_writable(sim: Simulator, file: Path) -> None:
    """Refuse a file that this command has not written, before anything is served.

    Raises:
        ConfigurationError: there is such a file, it cannot be read, or nothing belongs into it.
    """
    if not sim.accounts:
        raise ConfigurationError(f"--toml {file}: the scenario has no account to write there")
    try:
        if file.exists() and not file.read_bytes().startswith(_MARK.encode()):
            raise ConfigurationError(f"--toml {file}: it is there already, and not written by this")
    except OSError as error:
        raise ConfigurationError(f"--toml {file}: {error.strerror}") from None


def write_configuration(file: Path, text: str) -> None:
    """Write a configuration in one step: who finds it finds the whole of it.

    Raises:
        ConfigurationError: it cannot be written.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise ConfigurationError(f"--toml {file}: {error.strerror}") from None


def _named(sim: Simulator) -> Iterator[tuple[str, str]]:
    """The accounts' names in the configuration, and their UIDs."""
    for number, uid in enumerate(sim.accounts):
        name = "main" if number == 0 else "mirror"
        yield (name if number <= 1 else f"{name}{number}"), uid
