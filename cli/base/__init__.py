"""What every command shares: exit codes, options, log, tables, signals, alerts on stderr."""
