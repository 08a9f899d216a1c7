"""The import of the original bot: its monitors judged, and turned into records of trueup."""

from .files.applying import against, apply
from .files.files import LegacyFile, read_file
from .files.unreadable import UnreadableFile

__all__ = ["LegacyFile", "UnreadableFile", "against", "apply", "read_file"]
