"""The tests: laws, transcripts, the wire, the crashes."""
