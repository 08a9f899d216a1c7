"""trueup keeps resting take-profit orders equal to their ladders.

::

    from trueup import Account, Ladder, Reconciler

    with Reconciler("sqlite:///trueup.db", accounts=[Account("main", key, secret)]) as reconciler:
        monitor = reconciler.watch("main", "BANDUSDT", "Buy", Ladder.of(("0.72", 85), ("0.75", 15)))
        report = reconciler.reconcile(monitor)
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ._face import *  # noqa: F403 - its __all__ names them
    from ._face import __all__ as __all__
else:

    def __getattr__(name: str) -> object:
        """Loads the public names when one is used first: the command line starts without them."""
        if name.startswith("_") and name != "__all__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import _face  # noqa: PLC0415 - the very purpose

        globals().update({public: getattr(_face, public) for public in ("__all__", *_face.__all__)})
        if name not in globals():
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return globals()[name]

    def __dir__() -> list[str]:
        """The names for a prompt that completes them."""
        return sorted({*globals(), *__getattr__("__all__")})
