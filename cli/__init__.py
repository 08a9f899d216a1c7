"""The command line: commands over the public face, for people and for scripts."""
