"""A node of nautilus_trader with its own Bybit adapter, led to a simulator.

It runs in nautilus's environment. Only addresses are not Bybit's. Those of requests and of the
private stream are in the configuration; the public stream's is not, but the factory that makes the
data client gives it, and which factory does is the node's to say.
"""

from typing import Any

from nautilus_trader.adapters.bybit import (
    BYBIT,
    BybitDataClientConfig,
    BybitExecClientConfig,
    BybitLiveExecClientFactory,
    BybitProductType,
)
from nautilus_trader.adapters.bybit.data import BybitDataClient
from nautilus_trader.adapters.bybit.factories import (
    get_bybit_http_client,
    get_bybit_instrument_provider,
)
from nautilus_trader.config import (
    InstrumentProviderConfig,
    LoggingConfig,
    TradingNodeConfig,
)
from nautilus_trader.live.factories import LiveDataClientFactory
from nautilus_trader.live.node import TradingNode


def data_clients(stream: str) -> type[Any]:
    """A factory that makes the adapter's data client for a public stream."""

    class Factory(LiveDataClientFactory):  # type: ignore[misc] # nautilus is not installed here
        """Does what the adapter's own factory does, with another address."""

        @staticmethod
        def create(
            loop: Any,  # noqa: ANN401 - nautilus's types
            name: str,
            config: Any,  # noqa: ANN401 - nautilus's types
            msgbus: Any,  # noqa: ANN401 - nautilus's types
            cache: Any,  # noqa: ANN401 - nautilus's types
            clock: Any,  # noqa: ANN401 - nautilus's types
        ) -> Any:  # noqa: ANN401 - nautilus's types
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


def node_for(url: str, key: str, secret: str, loop: Any) -> Any:  # noqa: ANN401 - nautilus's types
    """A node for an account of a simulator."""
    streams = url.replace("http", "ws", 1) + "/v5"
    common = {
        "api_key": key,
        "api_secret": secret,
        "base_url_http": url,
        "product_types": [BybitProductType.LINEAR],
        "instrument_provider": InstrumentProviderConfig(load_all=True),
    }
    config = TradingNodeConfig(
        logging=LoggingConfig(log_level="ERROR"),
        data_clients={BYBIT: BybitDataClientConfig(**common)},
        exec_clients={
            BYBIT: BybitExecClientConfig(base_url_ws_private=f"{streams}/private", **common)
        },
        timeout_post_stop=0.1,  # it leaves its orders resting: there is nothing to wait for
    )
    node = TradingNode(config=config, loop=loop)
    node.add_data_client_factory(BYBIT, data_clients(f"{streams}/public/linear"))
    node.add_exec_client_factory(BYBIT, BybitLiveExecClientFactory)
    return node
