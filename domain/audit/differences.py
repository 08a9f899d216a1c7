"""How two runs differ, for people: the parts of their transcripts, line by line."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from .naming import Names
from .transcript import Section, Transcript, sections

_SAME, _FIRST, _SECOND = "    ", "  - ", "  + "


def differences(first: Transcript, second: Transcript, *, by_name: bool = True) -> tuple[str, ...]:
    """The parts that differ, whole: ``-`` marks lines of the first run alone, ``+`` of the second.

    It is empty where nothing differs.

    Args:
        first: one run.
        second: the other.
        by_name: whether ids, and times of day in texts, count as equal where they stand for the
            same, as in runs at different times. Otherwise every character counts, as where one
            run was made from the inputs of the other.
    """
    lines: list[str] = []
    for one, other in zip(_parts(first, by_name), _parts(second, by_name), strict=True):
        if one != other:
            lines += [one.title, *_compared(one.lines, other.lines)]
    return tuple(lines)


def _parts(run: Transcript, by_name: bool) -> tuple[Section, ...]:  # noqa: FBT001 - of one caller
    parts = sections(run)
    return tuple(map(Names(run).applied, parts)) if by_name else parts


def _compared(first: Sequence[str], second: Sequence[str]) -> Iterator[str]:
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "equal":
            yield from (_SAME + line for line in first[start:end])
            continue
        yield from (_FIRST + line for line in first[start:end])
        yield from (_SECOND + line for line in second[other_start:other_end])
