"""The log of a history: what happened, line by line, for people."""


class HistoryLog:
    """Takes timed lines; one that is not open drops them, which costs nothing.

    Attributes:
        lines: the log so far.
        start_ms: the time from which the lines count.
    """

    def __init__(self, *, is_open: bool) -> None:
        self.is_open = is_open
        self.lines: list[str] = []
        self.start_ms = 0

    def add(self, at_ms: int, text: str) -> None:
        """Adds a line."""
        if self.is_open:
            seconds, ms = divmod(at_ms - self.start_ms, 1000)
            self.lines.append(f"{seconds:5d}.{ms:03d}  {text}")
