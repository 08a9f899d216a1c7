"""A machine for pickles that can only build plain data.

A pickle is a program for a small stack machine. Python's :mod:`pickle` imports anything that the
program names, and calls it. The machine here executes only opcodes that build plain data. An
opcode that would call something builds a value of :mod:`.opcodes`, or is refused with the name
that it asked for.
"""

from collections.abc import Collection

from .opcodes import UNREAD, Named, Unread, plain_items, word
from .unreadable import UnreadableFile

_SHOWN = 80


class Machine:
    """A stack, marks in it, and a memory.

    Args:
        stand_ins: names of classes whose objects become placeholders.
        budget: how many values the machine may handle in all.
    """

    def __init__(self, stand_ins: Collection[str], budget: int) -> None:
        self._stand_ins = stand_ins
        self._budget = budget
        self._stack: list[object] = []
        self._marks: list[int] = []
        self._memory: dict[object, object] = {}

    def spend(self, values: int) -> None:
        """Counts values against the budget.

        Raises:
            UnreadableFile: the budget is used up.
        """
        self._budget -= values
        if self._budget < 0:
            raise UnreadableFile(
                "it is too large: it would build more values than the bot ever stored"
            )

    def push(self, value: object) -> None:
        """Puts a value on the stack."""
        self._stack.append(value)

    def result(self) -> object:
        """What the program built: the only value that is left."""
        if len(self._stack) != 1 or self._marks:
            raise ValueError("it does not end with a single value")
        return self._stack[0]

    def mark(self, _: object) -> None:
        """MARK."""
        self._marks.append(len(self._stack))

    def drop(self, _: object) -> None:
        """POP: a value, or the mark on top of it."""
        if self._marks and self._marks[-1] == len(self._stack):
            self._marks.pop()
        else:
            self._pop()

    def drop_to_mark(self, _: object) -> None:
        """POP_MARK."""
        self._pop_to_mark()

    def repeat(self, _: object) -> None:
        """DUP."""
        value = self._pop()
        self._stack += [value, value]

    def remember(self, place: object) -> None:
        """PUT, BINPUT, LONG_BINPUT; MEMOIZE takes the next place."""
        self._memory[len(self._memory) if place is None else place] = self._stack[-1]

    def recall(self, place: object) -> None:
        """GET, BINGET, LONG_BINGET."""
        self.push(self._memory[place])

    def make_tuple(self, count: int | None) -> None:
        """TUPLE of all down to the mark, or of the last ``count`` values."""
        self.push(tuple(self._pop_to_mark()) if count is None else self._pop_many(count))

    def make_list(self, _: object) -> None:
        """LIST."""
        self.push(self._pop_to_mark())

    def make_dict(self, _: object) -> None:
        """DICT."""
        made: dict[object, object] = {}
        _fill(made, self._pop_to_mark())
        self.push(made)

    def make_frozenset(self, _: object) -> None:
        """FROZENSET."""
        self.push(frozenset(plain_items(self._pop_to_mark())))

    def append(self, _: object) -> None:
        """APPEND."""
        self._extend([self._pop()])

    def append_many(self, _: object) -> None:
        """APPENDS, ADDITEMS."""
        self._extend(self._pop_to_mark())

    def set_item(self, _: object) -> None:
        """SETITEM."""
        self._set_items(list(self._pop_many(2)))

    def set_items(self, _: object) -> None:
        """SETITEMS."""
        self._set_items(self._pop_to_mark())

    def name(self, text: object) -> None:
        """GLOBAL: a module and a name in it."""
        name = ".".join(str(text).split(" ", 1))
        found = word(name, self._stand_ins)
        if found is None:
            raise UnreadableFile(f"it asks for {name[:_SHOWN]!r}, but trueup reads plain data only")
        self.push(found)

    def name_on_stack(self, _: object) -> None:
        """STACK_GLOBAL."""
        module, name = self._pop_many(2)
        if not (isinstance(module, str) and isinstance(name, str)):
            raise TypeError("a name must be text")
        self.name(f"{module} {name}")

    def call(self, _: object) -> None:
        """REDUCE, NEWOBJ: builds a value of :mod:`.opcodes`; nothing else can be called."""
        named, arguments = self._pop_many(2)
        if not isinstance(named, Named) or not isinstance(arguments, tuple):
            raise UnreadableFile(
                f"it calls a {type(named).__name__}, but trueup reads plain data only"
            )
        self.spend(sum(len(a) for a in arguments if isinstance(a, list | tuple | str | bytes)))
        self.push(named.make(*arguments))

    def call_with_names(self, _: object) -> None:
        """NEWOBJ_EX: a call with named arguments, which a placeholder ignores."""
        self._pop()
        self.call(None)

    def set_state(self, _: object) -> None:
        """BUILD: sets the state of a placeholder, which ignores it."""
        self._pop()
        if not isinstance(self._stack[-1], Unread):
            kind = type(self._stack[-1]).__name__
            raise UnreadableFile(f"it sets the state of a {kind}, but trueup reads plain data only")

    def stand_in(self, _: object) -> None:
        """PERSID: an object that the bot's framework kept outside the pickle."""
        self.push(UNREAD)

    def stand_in_for(self, _: object) -> None:
        """BINPERSID: the same, its id on the stack."""
        self._pop()
        self.push(UNREAD)

    def _pop(self) -> object:
        if self._marks and self._marks[-1] == len(self._stack):
            raise ValueError("it takes a value from below a mark")
        return self._stack.pop()

    def _pop_many(self, count: int) -> tuple[object, ...]:
        values = [self._pop() for _ in range(count)]
        return tuple(reversed(values))

    def _pop_to_mark(self) -> list[object]:
        start = self._marks.pop()
        values = self._stack[start:]
        del self._stack[start:]
        return values

    def _extend(self, values: list[object]) -> None:
        """Puts the values into the container below them on the stack."""
        match self._stack[-1]:
            case list() as items:
                items.extend(values)
            case set() as items:
                items.update(plain_items(values))
            case Unread():
                pass
            case other:
                raise TypeError(f"nothing can be put into a {type(other).__name__}")

    def _set_items(self, values: list[object]) -> None:
        """Puts keys and values into the dict below them on the stack."""
        match self._stack[-1]:
            case dict() as items:
                _fill(items, values)
            case Unread():
                pass
            case other:
                raise TypeError(f"no key can be set in a {type(other).__name__}")


def _fill(items: dict[object, object], values: list[object]) -> None:
    items.update(zip(plain_items(values[::2]), values[1::2], strict=True))
