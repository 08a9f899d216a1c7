"""Runs without their record: packing it takes much of a short run's time.

The store gets every commit all the same, with all that people read of it.
"""

from trueup.engine.recording.recording import Recording

from .patching import Patches


def unrecorded() -> Patches:
    """Packs no record of what runs are decided by until the block ends."""
    return Patches(((Recording, "_cut", _no_segment),))


def _no_segment(_recording: Recording, _run_id: str) -> None:
    """As for a run that goes on without a record."""
