"""Importing the original bot's monitors from its pickle and JSON files, without running them."""

from .files.applying import against, apply
from .files.files import LegacyFile, read_file
from .files.unreadable import UnreadableFile

__all__ = ["LegacyFile", "UnreadableFile", "against", "apply", "read_file"]
