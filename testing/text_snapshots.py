"""Snapshots as plain text, one file each: what syrupy writes and reads for transcripts."""

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode


class TranscriptExtension(SingleFileSnapshotExtension):
    """Writes a transcript as it is into ``__snapshots__/MODULE/TEST.txt``."""

    file_extension = "txt"
    _write_mode = WriteMode.TEXT
