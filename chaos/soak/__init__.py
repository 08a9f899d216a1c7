"""A soak: the real reconciler, live, over real sockets, under fills, manual changes and faults.

What histories do on virtual time in one thread happens here as in production: with threads, pybit's
HTTP and WebSocket, a database on disk, and the real clock. The soak checks the promises that need
no order of events between threads at every change of the exchange, and all others at rest.
"""

from .result import SoakResult
from .soak import soak

__all__ = ["SoakResult", "soak"]
