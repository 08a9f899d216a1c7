"""The public stream: what everybody may know of a contract, sent when it changes."""
