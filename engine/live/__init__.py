"""The live view of an account: stream and reads merged, so that most runs need no request."""
