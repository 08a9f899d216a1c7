"""HTTP below pybit: one that suspends a fiber, and one that blocks a thread; one send, one request.

What goes wrong is an exception of requests, as pybit expects it. Where surely nothing was sent, it
is a ``ConnectTimeout``, or its first argument is :class:`~.opening.NothingSent`.
"""
