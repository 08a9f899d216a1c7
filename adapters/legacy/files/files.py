"""Reading one file of the original bot, up to a maximum size."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..rules.contracts import KnownRules
from ..rules.state import RawMonitor
from .pickles import from_pickle
from .shapes import contents_of
from .unreadable import UnreadableFile

MOST_BYTES = 64 * 1024 * 1024
"""The largest file that is read; the original bot's have about fifty thousand bytes."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class LegacyFile:
    """What a file contains; see :class:`.shapes.Contents`."""

    path: Path
    form: str
    monitors: tuple[RawMonitor, ...]
    rules: Mapping[str, KnownRules]
    left: Mapping[str, int]


def read_file(path: Path, stand_ins: Collection[str] = ()) -> LegacyFile:
    """The monitors in a pickle or a JSON dump.

    Args:
        path: the file.
        stand_ins: names of classes (``module.Class``) whose objects are not read in a pickle.

    Raises:
        UnreadableFile: there is no such file, it contains no monitors in any known form, or it
            is a pickle that asks for more than plain data; the message is one line.
    """
    try:
        content = _content(path)
        document = _document(content, stand_ins)
        contents = contents_of(document, path.name)
    except UnreadableFile as error:
        raise UnreadableFile(f"{path}: {error.message}") from None
    return LegacyFile(path, contents.form, contents.monitors, contents.rules, contents.left)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"it cannot be read: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise UnreadableFile(f"it is larger than {MOST_BYTES // 1024**2} MiB")
    if not content.strip():
        raise UnreadableFile("it is empty")
    return content


def _document(content: bytes, stand_ins: Collection[str]) -> object:
    start = content.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1]
    return _from_json(content) if start in (b"{", b"[") else from_pickle(content, stand_ins)


def _from_json(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except RecursionError:
        raise UnreadableFile("it is JSON nested too deeply") from None
    except ValueError as error:
        raise UnreadableFile(f"it is broken JSON: {error}") from None
