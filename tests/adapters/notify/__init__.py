"""Sinks for services: against servers on this machine."""
