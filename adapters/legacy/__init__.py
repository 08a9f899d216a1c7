"""Files of the original bot: its pickle and JSON dumps, read without running anything in them."""

from .applying import against, apply
from .files import LegacyFile, read_file
from .unreadable import UnreadableFile

__all__ = ["LegacyFile", "UnreadableFile", "against", "apply", "read_file"]
