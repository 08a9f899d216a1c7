"""Alert sinks: where alerts of the outbox are delivered to."""

from .apprise_sink import AppriseSink
from .sinks import CallableSink, LogSink

__all__ = ["AppriseSink", "CallableSink", "LogSink"]
