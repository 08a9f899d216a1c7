"""The diary of a history: what happened, line by line, for people."""


class HistoryLog:
    """Takes lines with their time; a closed one takes none, and costs nothing."""

    def __init__(self, *, is_open: bool) -> None:
        self.is_open = is_open
        self.lines: list[str] = []
        self.start_ms = 0

    def add(self, at_ms: int, text: str) -> None:
        """Adds a line."""
        if self.is_open:
            seconds, ms = divmod(at_ms - self.start_ms, 1000)
            self.lines.append(f"{seconds:5d}.{ms:03d}  {text}")
