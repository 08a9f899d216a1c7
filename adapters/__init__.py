"""The world outside: Bybit, where alerts go, and the files of the original bot."""
