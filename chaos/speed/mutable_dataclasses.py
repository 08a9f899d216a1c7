"""Frozen dataclasses without their guard, because guarded assignment is slow.

A frozen value is made by one guarded call per field, which takes much of a simulated run's time. In
a campaign the frozen classes of trueup and chaos assign their fields directly, and all copies are
made as those of a run are (:mod:`trueup.domain.copies`). They hold, compare and hash as
before; only the guard against assignment is missing, and a type checker replaces it. A failing
seed is replayed on the unchanged classes.
"""

import dataclasses
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any, cast

from trueup.domain.copies import replace

from .patching import patched

_PACKAGES = ("trueup.", "chaos.")
_FIELD = "__dataclass_fields__"


@contextmanager
def mutable_dataclasses() -> Iterator[None]:
    """Makes frozen values the quick way until the block ends."""
    with ExitStack() as stack:
        for kind in {kind for module in _modules() for kind in _frozen(module)}:
            stack.enter_context(patched(kind, "__init__", _plain_init(kind)))
            # Both share one slot of the class: either guard alone keeps assignment slow.
            stack.enter_context(patched(kind, "__setattr__", object.__setattr__))
            stack.enter_context(patched(kind, "__delattr__", object.__delattr__))
        for module in _modules():
            if vars(module).get("replace") is dataclasses.replace:
                stack.enter_context(patched(module, "replace", replace))
        yield


def _modules() -> list[ModuleType]:
    return [module for name, module in sorted(sys.modules.items()) if name.startswith(_PACKAGES)]


def _frozen(module: ModuleType) -> Iterator[type]:
    """The module's frozen dataclasses with slots whose fields are all given to ``__init__``."""
    for kind in vars(module).values():
        if not isinstance(kind, type) or kind.__module__ != module.__name__:
            continue
        parameters = vars(kind).get("__dataclass_params__")
        if parameters is None or not parameters.frozen or "__slots__" not in vars(kind):
            continue
        if parameters.init and all(field.init for field in vars(kind)[_FIELD].values()):
            yield kind


def _plain_init(kind: type) -> Callable[..., None]:
    """Does what the class's own ``__init__`` does, by plain assignment."""
    given: dict[str, Any] = {"_missing": dataclasses.MISSING}
    positional, by_name = ["self"], list[str]()
    body: list[str] = []
    for field in dataclasses.fields(kind):
        name = field.name
        text, value = name, name
        if field.default is not dataclasses.MISSING:
            given[f"_of_{name}"] = field.default
            text = f"{name}=_of_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            given[f"_of_{name}"] = field.default_factory
            text, value = f"{name}=_missing", f"_of_{name}() if {name} is _missing else {name}"
        (by_name if field.kw_only else positional).append(text)
        body.append(f"self.{name} = {value}")
    if hasattr(kind, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = [*positional, *(["*", *by_name] if by_name else [])]
    return _compiled("__init__", parameters, body or ["pass"], given)


def _compiled(
    name: str, parameters: list[str], body: list[str], given: dict[str, Any]
) -> Callable[..., Any]:
    text = f"def {name}({', '.join(parameters)}):\n " + "\n ".join(body)
    exec(text, given)  # noqa: S102 - as dataclasses does; all names are those of our own fields
    return cast("Callable[..., Any]", given[name])
