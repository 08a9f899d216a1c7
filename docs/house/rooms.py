"""The rooms: packages of the repository, their modules and the rooms that these import."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
PACKAGE = "src/trueup"
TESTS = "tests"


@dataclass(frozen=True, slots=True)
class Module:
    """One module.

    Attributes:
        path: in the repository, without ``.py``.
        docstring: all of it; the first line is the module's purpose.
        source: its text.
        imports: paths of the modules and packages of the repository that it imports. What a
            ``__main__`` imports is left out: it starts a program and belongs to no floor.
    """

    path: PurePosixPath
    docstring: str
    source: str
    imports: frozenset[PurePosixPath]


@dataclass(frozen=True, slots=True)
class Room:
    """One package.

    Attributes:
        modules: those that lie in the package itself, its ``__init__`` left out.
        imports: of all these modules and the ``__init__``.
        ships: whether the wheel holds the room.
    """

    path: PurePosixPath
    docstring: str
    modules: tuple[Module, ...]
    imports: frozenset[PurePosixPath]
    ships: bool


def survey(root: Path = ROOT, *, tests: bool = False) -> Mapping[PurePosixPath, Room]:
    """Every room by its path: floors above what they import, and each floor's rooms likewise.

    Args:
        root: the repository.
        tests: whether the folders of the tests follow as rooms of their own.

    Raises:
        graphlib.CycleError: two floors, or two rooms of a floor, import each other.
    """
    shipped = {link.name for link in (root / PACKAGE).iterdir() if link.is_symlink()} | {"src"}
    paths = sorted(_packages(root))
    inner = [path for path in paths if path.parts[0] == TESTS and len(path.parts) > 1]
    rooms = {
        path: _room(root, path, ships=path.parts[0] in shipped)
        for path in paths
        if path not in inner
    }
    of_tests = {path: _room(root, path, ships=False) for path in inner if tests}
    return {path: rooms[path] for path in _ordered(rooms)} | of_tests


def _packages(root: Path) -> Iterator[PurePosixPath]:
    yield PurePosixPath(PACKAGE)
    for top in root.iterdir():
        if top.name != "src" and (top / "__init__.py").is_file():
            for init in top.rglob("__init__.py"):
                yield PurePosixPath(init.parent.relative_to(root))


def _room(root: Path, path: PurePosixPath, *, ships: bool) -> Room:
    files = {file.stem: file for file in sorted((root / path).glob("*.py"))}
    init = _module(root, files.pop("__init__"))
    modules = tuple(_module(root, file) for file in files.values())
    imports = init.imports.union(*(module.imports for module in modules))
    return Room(path, init.docstring, modules, imports, ships)


def _module(root: Path, file: Path) -> Module:
    source = file.read_text("utf-8")
    tree = ast.parse(source)
    path = PurePosixPath(file.relative_to(root).with_suffix(""))
    nodes = () if path.name == "__main__" else ast.walk(tree)
    imports = frozenset(found for node in nodes for found in _imported(root, path.parent, node))
    return Module(path, ast.get_docstring(tree) or "", source, imports)


def _imported(root: Path, package: PurePosixPath, node: ast.AST) -> Iterator[PurePosixPath]:
    """What one statement imports of the repository: a module, or else the package itself."""
    match node:
        case ast.ImportFrom(module=module, names=names, level=level):
            base = _base(package, level) / (module or "").replace(".", "/")
        case ast.Import(names=names):
            for name in names:
                found = _located(root, PurePosixPath(name.name.replace(".", "/")))
                if found is not None:
                    yield found
            return
        case _:
            return
    for name in names:
        found = _located(root, base / name.name) or _located(root, base)
        if found is not None:
            yield found


def _base(package: PurePosixPath, level: int) -> PurePosixPath:
    if not level:
        return PurePosixPath()
    if str(package) == PACKAGE:
        return PurePosixPath("trueup")
    above = package.parts[: len(package.parts) - (level - 1)]
    return PurePosixPath(*above) if above else PurePosixPath("trueup")


def _located(root: Path, path: PurePosixPath) -> PurePosixPath | None:
    """The path in the repository of a module or package, if it is one of the repository's."""
    if path.parts[:1] == ("trueup",):
        inside = PurePosixPath(*path.parts[1:])
        path = inside if inside.parts and (root / inside.parts[0]).is_dir() else PACKAGE / inside
    if path.parts and (root / path).with_suffix(".py").is_file():
        return path
    return path if path.parts and (root / path / "__init__.py").is_file() else None


def _ordered(rooms: Mapping[PurePosixPath, Room]) -> Iterator[PurePosixPath]:
    """Parents before what is in them; siblings before what they import."""
    yield from _below(rooms, PurePosixPath())


def _below(rooms: Mapping[PurePosixPath, Room], parent: PurePosixPath) -> Iterator[PurePosixPath]:
    depth = len(parent.parts) + 1
    siblings = {
        _step(path, depth) for path in rooms if path != parent and path.is_relative_to(parent)
    }
    arrows = {
        each: {
            _step(target, depth)
            for path, room in rooms.items()
            if path.is_relative_to(each)
            for target in room.imports
            if target.is_relative_to(parent)
        }
        & siblings - {each}
        for each in siblings
    }
    for each in _from_the_top(arrows):
        yield each
        yield from _below(rooms, each)


def _step(path: PurePosixPath, depth: int) -> PurePosixPath:
    return path if str(path) == PACKAGE else PurePosixPath(*path.parts[:depth])


def _from_the_top(arrows: Mapping[PurePosixPath, set[PurePosixPath]]) -> list[PurePosixPath]:
    sorter = TopologicalSorter(arrows)
    sorter.prepare()
    levels: list[list[PurePosixPath]] = []
    while sorter.is_active():
        ready = sorter.get_ready()
        levels.append(sorted(ready))
        sorter.done(*ready)
    return [each for level in reversed(levels) for each in level]
