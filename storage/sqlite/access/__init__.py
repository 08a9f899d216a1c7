"""The file and its connections: lock, pragmas, readers, the one writer, prepared statements."""
