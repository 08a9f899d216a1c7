"""Testing tools for bot authors: trueup's real adapter on a simulated exchange, as a pytest plugin.

``pip install 'trueup[testing]'``, and pytest has the fixtures. A test runs in one process, on a
virtual clock: no sockets, and a pause takes no time. This pins how a bot's own ladder is placed::

    from trueup import Ladder
    from trueup.testing import assert_transcript


    def test_the_ladder_of_the_first_entry(open_stage, snapshot):
        stage = open_stage(Ladder.of(("0.7200", 85), ("0.7400", 15)))
        stage.enter("100", price="0.7000")
        assert_transcript(stage.run(), snapshot)

``pytest --snapshot-update`` writes the run's transcript, as a text beside the test. Read it: from
then on the test fails as soon as a run goes through other states, decides otherwise or reports
something else. docs/testing.md has more examples, and the fixtures.

What this package exports is public:

- `assert_transcript`: compares the transcript of runs with the one that is pinned.
- `ReplayedCase`: an exported run, replayed by the present code, which a test marked with
  ``@pytest.mark.trueup_case("case.json")`` gets as its argument ``trueup_case``.
- `Stage`: a simulated exchange, a database and a reconciler on both, on one virtual clock; the
  fixture ``open_stage`` opens one.
- `UID`, `ACCOUNT`, `MIRROR`, `SYMBOL`, `PRICE`, `account_at`: the accounts and the contract of the
  fixtures.
- `InProcessSimulator`: a simulator that clients in the same process ask by method calls; it logs
  every `ApiRequest` with its `ApiResponse`.
- `in_process_exchange`: trueup's Bybit adapter connected to such a simulator, through a `Network`
  that a test may watch or act in.
- `SimulatorFeed`: the private stream of a simulator as trueup's live engine receives it.
- `MemoryStore`: a store without a file, with the contract of the SQLite store.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._face import *  # noqa: F403 - its __all__ names them
    from ._face import __all__ as __all__
else:

    def __getattr__(name: str) -> object:
        """Loads the public names when one is used first: pytest loads the plugin in every run."""
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
