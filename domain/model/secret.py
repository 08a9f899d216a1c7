"""Secrets, which no representation shows."""


class Secret(str):
    """A text that is a secret: what prints variables, such as a traceback's printer, hides it.

    Everything else uses it as the text that it is: a signature, a header, a comparison.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Never the text."""
        return "'***'"
