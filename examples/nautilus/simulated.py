"""nautilus_trader's data client for Bybit, led to a simulator.

The address of the public stream is in no configuration of this version, but the factory that makes
the data client gives it, and which factory does is the node's to say.
"""

from typing import Any

from nautilus_trader.adapters.bybit.data import BybitDataClient
from nautilus_trader.adapters.bybit.factories import (
    get_bybit_http_client,
    get_bybit_instrument_provider,
)
from nautilus_trader.live.factories import LiveDataClientFactory


def data_clients(stream: str) -> type[Any]:
    """A factory that makes the adapter's data client for a public stream."""

    class Factory(LiveDataClientFactory):  # type: ignore[misc] # nautilus is not installed here
        """Does what the adapter's own factory does, with another address."""

        @staticmethod
        def create(
            loop: Any,
            name: str,
            config: Any,
            msgbus: Any,
            cache: Any,
            clock: Any,
        ) -> Any:
            """Make a data client."""
            client = get_bybit_http_client(
                clock=clock,
                key=config.api_key,
                secret=config.api_secret,
                base_url=config.base_url_http,
            )
            provider = get_bybit_instrument_provider(
                client=client,
                clock=clock,
                product_types=frozenset(config.product_types),
                config=config.instrument_provider,
            )
            return BybitDataClient(
                loop=loop,
                client=client,
                msgbus=msgbus,
                cache=cache,
                clock=clock,
                instrument_provider=provider,
                product_types=config.product_types,
                ws_base_urls=dict.fromkeys(config.product_types, stream),
                config=config,
                name=name,
            )

    return Factory
