"""A soak: the real reconciler, live, over real sockets, under market, hands and faults.

What histories play on virtual time in one thread is here what production is: threads, pybit's HTTP
and WebSocket, a database on disk, and the clock on the wall. The judge is the same where it can be:
promises that need no order of events between threads, held at every change of the exchange's
books, and all promises at rest.
"""

from .result import SoakResult
from .soak import soak

__all__ = ["SoakResult", "soak"]
