"""The places of options: every one that tomllib finds, at the line that names it."""

import tomllib
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from trueup.cli.configuration.checking.places import Place, Places, Steps

TEXT = """\
# [comment]
top = "a # b" # more
[accounts."my main"]
keys = { a.b = 1, 'c d' = [ [1, 2], # [not, these]
  {x = ']'} ] }
[[monitors]]
long = \"\"\"
[none]
x = 1\\\"\"\"\"\"\"
[monitors.stop]
percent = 2
[[monitors]]
[[monitors.ladder]]
at = 1979-05-27 07:32:00
raw = '''
it's'''''
[monitors.stop.breakeven]
"""


def _steps(value: object, before: Steps = ()) -> Iterator[Steps]:
    children: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    for step, child in children:
        yield (*before, step)
        yield from _steps(child, (*before, step))


def test_every_option_has_its_place() -> None:
    places = Places(TEXT)
    assert set(places.found) == set(_steps(tomllib.loads(TEXT)))
    lines = {
        ("top",): Place(2, 1),
        ("accounts", "my main", "keys", "a", "b"): Place(4, 10),
        ("accounts", "my main", "keys", "c d", 1, "x"): Place(5, 4),
        ("monitors", 0, "stop", "percent"): Place(11, 1),
        ("monitors", 1): Place(12, 1),
        ("monitors", 1, "ladder", 0, "raw"): Place(15, 1),
        ("monitors", 1, "stop", "breakeven"): Place(17, 1),
    }
    assert {steps: places.of(steps) for steps in lines} == lines


def test_what_is_not_there_is_where_its_table_is() -> None:
    places = Places(TEXT)
    assert places.of(("monitors", 0, "stop", "trailing", "percent")) == Place(10, 1)
    assert places.of(("engine",)) is None


_NAMES = st.sampled_from(["a", '"b.1"', "'c d'", '"say \\"x\\""', '""', '"]#"'])
_PLAIN = st.sampled_from(
    [
        "1",
        "true",
        '"x"',
        "'#]}'",
        '"a\\"b,"',
        '""',
        '"""\n[x]\n"""',
        "'''\n'\n'''",
        "1979-05-27 07:32:00",
    ]
)


def _list(values: list[str]) -> str:
    return "[ " + ", # ,]\n ".join(values) + " ]"


def _table(values: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{key}.x = {value}" for key, value in values.items()) + "}"


_VALUES = st.recursive(
    _PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3).map(_list)
        | st.dictionaries(_NAMES, inner, max_size=3).map(_table)
    ),
    max_leaves=6,
)


@st.composite
def _texts(draw: st.DrawFn) -> str:
    lines: list[str] = []
    for number, header in enumerate(draw(st.lists(st.sampled_from(["[t{0}.{1}]", "[[l]]"])))):
        lines.append(header.format(number, draw(_NAMES)))
        pairs = draw(st.dictionaries(_NAMES, _VALUES, max_size=3))
        lines += [f" {key} . x= {value} # it" for key, value in pairs.items()]
        if header == "[[l]]" and draw(st.booleans()):
            lines += ["[l.sub]", "[[l.more]]", "[[l.more]]"]
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


@given(_texts())
def test_whatever_tomllib_reads_has_its_places(text: str) -> None:
    assert set(Places(text).found) == set(_steps(tomllib.loads(text)))
