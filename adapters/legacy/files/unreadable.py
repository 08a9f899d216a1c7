"""The error of this adapter."""

from ....domain.model.errors import ConfigurationError


class UnreadableFile(ConfigurationError):  # noqa: N818 - it says what the file is
    """The file contains no legacy monitors, or asks for more than plain data."""
