"""A node of nautilus_trader with its own Bybit adapter, led to a simulator.

It runs in nautilus's environment. Only addresses are not Bybit's.
"""

from typing import Any

from nautilus_trader.adapters.bybit import (
    BYBIT,
    BybitDataClientConfig,
    BybitExecClientConfig,
    BybitLiveExecClientFactory,
    BybitProductType,
)
from nautilus_trader.config import (
    InstrumentProviderConfig,
    LoggingConfig,
    TradingNodeConfig,
)
from nautilus_trader.live.node import TradingNode

from examples.nautilus.simulated import data_clients


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
