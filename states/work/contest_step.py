"""What a run did about a contest."""

from enum import StrEnum


class ContestStep(StrEnum):
    """What a run did about a contest.

    ``NONE``: nothing. ``BEGAN``: it counted the change that made one. ``WAITS``: it left a repair
    to the end of the cool-down.
    """

    NONE = "none"
    BEGAN = "began"
    WAITS = "waits"
