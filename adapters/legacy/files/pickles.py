"""Reading a pickle as plain data, with bounds on its size and number of opcodes."""

import pickletools
from collections.abc import Collection

from .safe_unpickler import Machine
from .steps import do
from .unreadable import UnreadableFile

MOST_VALUES = 1_000_000
"""Values that a pickle may build and handle; the original bot's have some ten thousand."""

_MARKED = b"\x80"  # how every pickle since protocol 2 begins
_MALFORMED = (ValueError, TypeError, IndexError, KeyError, OverflowError, AttributeError)


def from_pickle(content: bytes, stand_ins: Collection[str] = (), most: int = MOST_VALUES) -> object:
    """What the pickle contains; nothing that it names is imported, looked up or called.

    Args:
        content: the whole pickle.
        stand_ins: names of classes (``module.Class``) whose objects are not read.
        most: values that it may build and handle.

    Raises:
        UnreadableFile: it asks for more than plain data, is too large, is truncated, or is not
            a pickle.
    """
    machine = Machine(stand_ins, most)
    steps = 0
    try:
        for step, argument, _ in pickletools.genops(content):
            steps += 1
            do(machine, step.name, argument)
        return machine.result()
    except UnreadableFile:
        raise
    except _MALFORMED as error:
        looks_like_one = steps > 1 or content.startswith(_MARKED)
        kind = "it is a broken pickle" if looks_like_one else "it is neither JSON nor a pickle"
        raise UnreadableFile(f"{kind}: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    text = str(error).partition("\n")[0]
    return text[:120] or type(error).__name__
