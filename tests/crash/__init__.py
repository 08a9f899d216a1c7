"""Crashes for real: processes killed at every named point, two writers, disks that are full."""
