"""The live view of an account: stream and reads merged, pending writes, waiting."""
