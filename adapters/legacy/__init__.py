"""Files of the original bot: its pickle and JSON dumps, read without running anything in them."""

from .files.applying import against, apply
from .files.files import LegacyFile, read_file
from .files.unreadable import UnreadableFile

__all__ = ["LegacyFile", "UnreadableFile", "against", "apply", "read_file"]
