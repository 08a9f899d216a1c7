"""The pickle opcodes that the machine executes, by their names in :mod:`pickletools`.

It refuses all others: class instances of old protocols (INST, OBJ), the extension registry (EXT1,
EXT2, EXT4), and buffers outside the stream (NEXT_BUFFER).
"""

from collections.abc import Callable, Mapping

from .safe_unpickler import Machine
from .unreadable import UnreadableFile

_MOST_BITS = 256
_SHOWN = 80


def do(machine: Machine, step: str, argument: object) -> None:
    """Executes one opcode.

    Raises:
        UnreadableFile: the opcode does not build plain data.
    """
    machine.spend(1)
    if step in _NOTHING_TO_DO:
        return
    if step in _LITERALS:
        machine.push(_literal(step, argument))
    elif step in _MADE:
        machine.push(_MADE[step]())
    elif step in _STEPS:
        _STEPS[step](machine, argument)
    else:
        what = f" {argument[:_SHOWN]!r}" if isinstance(argument, str) else ""
        raise UnreadableFile(f"it uses an opcode that plain data does not need: {step}{what}")


def _literal(step: str, argument: object) -> object:
    if isinstance(argument, int) and argument.bit_length() > _MOST_BITS:
        raise UnreadableFile(f"it contains a number of {argument.bit_length()} bits ({step})")
    return bytes(argument) if isinstance(argument, bytearray) else argument


_NOTHING_TO_DO = frozenset({"PROTO", "FRAME", "STOP"})
_LITERALS = frozenset(
    {
        *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
        *("STRING", "BINSTRING", "SHORT_BINSTRING"),
        *("UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"),
        *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
    }
)
_MADE: Mapping[str, Callable[[], object]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "EMPTY_TUPLE": tuple,
    "EMPTY_SET": set,
}
_STEPS: Mapping[str, Callable[[Machine, object], None]] = {
    "MARK": Machine.mark,
    "POP": Machine.drop,
    "POP_MARK": Machine.drop_to_mark,
    "DUP": Machine.repeat,
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"), Machine.remember),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), Machine.recall),
    "TUPLE": lambda machine, _: machine.make_tuple(None),
    "TUPLE1": lambda machine, _: machine.make_tuple(1),
    "TUPLE2": lambda machine, _: machine.make_tuple(2),
    "TUPLE3": lambda machine, _: machine.make_tuple(3),
    "LIST": Machine.make_list,
    "DICT": Machine.make_dict,
    "FROZENSET": Machine.make_frozenset,
    "APPEND": Machine.append,
    **dict.fromkeys(("APPENDS", "ADDITEMS"), Machine.append_many),
    "SETITEM": Machine.set_item,
    "SETITEMS": Machine.set_items,
    "GLOBAL": Machine.name,
    "STACK_GLOBAL": Machine.name_on_stack,
    **dict.fromkeys(("REDUCE", "NEWOBJ"), Machine.call),
    "NEWOBJ_EX": Machine.call_with_names,
    "BUILD": Machine.set_state,
    "PERSID": Machine.stand_in,
    "BINPERSID": Machine.stand_in_for,
}
