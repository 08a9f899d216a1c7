"""The one error of this adapter."""

from ....domain.model.errors import ConfigurationError


class UnreadableFile(ConfigurationError):  # noqa: N818 - it says what the file is
    """A file that holds no legacy monitors, or asks for what it must not have."""
