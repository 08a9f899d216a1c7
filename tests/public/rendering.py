"""Public names as text: what a person calls, passes and gets back.

Signatures are those of the source, so the text is the same on every Python. Values of enumerations
and defaults of fields are those of the running program: a constant that changes shows.
"""

import ast
import inspect
import re
from collections.abc import Collection, Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from textwrap import dedent
from types import FunctionType, ModuleType

_PLACE = re.compile(r"\b(?:trueup|typing|collections|datetime)\.(?:[a-z_]+\.)*")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_OWN = {"__post_init__", "__repr__", "__str__", "__eq__", "__hash__", "__getattr__", "__dir__"}


def rendered(package: ModuleType, public: Collection[object]) -> str:
    """Every name of ``__all__`` with what can be done with it.

    Args:
        package: which names.
        public: what is public anywhere: classes of it are not repeated where others inherit them.
    """
    lines = [package.__name__, ""]
    for name in sorted(package.__all__):
        value = getattr(package, name)
        if inspect.isclass(value):
            lines += [*_class(value, public), ""]
        elif isinstance(value, FunctionType):
            lines += [_function(_node(value)), ""]
        else:
            lines += [f"{name} = {_PLACE.sub('', str(value))}", ""]
    return "\n".join(lines)


def _class(kind: type, public: Collection[object]) -> Iterator[str]:
    bases = ", ".join(map(ast.unparse, _definition(kind).bases))
    mark = "@dataclass " if is_dataclass(kind) else ""
    yield f"{mark}class {kind.__name__}{f'({bases})' if bases else ''}:"
    shown = set[str]()
    for each in kind.__mro__:
        if each is kind or (each.__module__.startswith("trueup.") and each not in public):
            for name, line in _members(each):
                if each is kind or name not in shown:
                    yield f"    {line}"
                shown.add(name)


def _members(kind: type) -> Iterator[tuple[str, str]]:
    """Names and lines of what the class itself has."""
    if issubclass(kind, Enum):
        yield from ((member.name, f"{member.name} = {member.value!r}") for member in kind)
    if is_dataclass(kind):
        yield from _fields(kind)
    for each in _definition(kind).body:
        if isinstance(each, _FUNCTIONS) and _is_public(each.name):
            yield each.name, _function(each)
            if each.name == "__init__":
                yield from _attributes(each)
        elif isinstance(each, ast.Assign) and not issubclass(kind, Enum):
            (name,) = map(ast.unparse, each.targets)
            if not name.startswith("_"):
                yield name, ast.unparse(each)
        elif isinstance(each, ast.AnnAssign) and not is_dataclass(kind):
            name = ast.unparse(each.target)
            if _is_public(name):
                yield name, f"{name}: {ast.unparse(each.annotation)}"


def _fields(kind: type) -> Iterator[tuple[str, str]]:
    """The fields that the class itself declares; a factory is given by its name."""
    assert is_dataclass(kind)
    written = {
        ast.unparse(each.target): ast.unparse(each.annotation)
        for each in _definition(kind).body
        if isinstance(each, ast.AnnAssign)
    }
    for field in fields(kind):
        if field.name in written and _is_public(field.name):
            default = ""
            if field.default is not MISSING:
                default = f" = {_value(field.default)}"
            elif field.default_factory is not MISSING:
                default = f" = {getattr(field.default_factory, '__name__', '...')}()"
            yield field.name, f"{field.name}: {written[field.name]}{default}"


def _attributes(init: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, str]]:
    """What a constructor leaves on the object, with its type where it is written or passed."""
    passed = {
        each.arg: ast.unparse(each.annotation)
        for each in (*init.args.posonlyargs, *init.args.args, *init.args.kwonlyargs)
        if each.annotation
    }
    for node in ast.walk(init):
        match node:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name("self"), attr=name)]):
                kind = passed.get(ast.unparse(node.value), "")
            case ast.AnnAssign(target=ast.Attribute(value=ast.Name("self"), attr=name)):
                kind = ast.unparse(node.annotation)
            case _:
                continue
        if _is_public(name):
            yield name, f"self.{name}: {kind}" if kind else f"self.{name}"


def _function(node: ast.AST) -> str:
    assert isinstance(node, _FUNCTIONS)
    marks = "".join(f"@{ast.unparse(each)} " for each in node.decorator_list)
    kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returned = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{marks}{kind} {node.name}({ast.unparse(node.args)}){returned}"


def _value(value: object) -> str:
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, frozenset):
        return f"frozenset({{{', '.join(sorted(map(_value, value)))}}})"
    if inspect.isclass(value) or isinstance(value, FunctionType):
        return value.__name__
    if is_dataclass(value):
        given = ", ".join(
            f"{each.name}={_value(getattr(value, each.name))}" for each in fields(value)
        )
        return f"{type(value).__name__}({given})"
    return _PLACE.sub("", repr(value))


def _is_public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name not in _OWN)


def _definition(kind: type) -> ast.ClassDef:
    node = _node(kind)
    assert isinstance(node, ast.ClassDef)
    return node


def _node(thing: type | FunctionType) -> ast.stmt:
    return ast.parse(dedent(inspect.getsource(thing))).body[0]
