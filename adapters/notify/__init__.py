"""Alert sinks: where alerts of the outbox are delivered to."""

from .sinks import CallableSink, LogSink

__all__ = ["CallableSink", "LogSink"]
