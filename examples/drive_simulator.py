"""A simulated Bybit, driven by hand: ``python -m examples.drive_simulator``."""
# ruff: noqa: T201, S106 - an example shows what it does; the simulator's keys are no secrets

from pybit.unified_trading import HTTP

from trueup.simulator import InstrumentSpec, Simulator, SimulatorServer

UID, SYMBOL = "101", "BANDUSDT"


def build() -> Simulator:
    """An exchange with one account and one contract."""
    sim = Simulator()
    sim.add_account(uid=UID, api_key="my-key", api_secret="my-secret")
    sim.add_instrument(
        InstrumentSpec(
            symbol=SYMBOL, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
        ),
        price="0.7000",
    )
    return sim


def main() -> None:
    """Place an order with pybit, let the market reach it, and read the position with pybit."""
    sim = build()
    with SimulatorServer(sim) as server:
        http = HTTP(api_key="my-key", api_secret="my-secret")
        http.endpoint = server.url
        http.place_order(
            category="linear", symbol=SYMBOL, side="Buy", orderType="Limit", qty="50", price="0.69"
        )
        sim.set_price(SYMBOL, "0.6800")
        (position,) = http.get_positions(category="linear", symbol=SYMBOL)["result"]["list"]
        print(position["side"], position["size"], "at", position["avgPrice"])
        http.client.close()


if __name__ == "__main__":
    main()
