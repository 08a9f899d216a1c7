"""The direction in which a price has moved."""

from decimal import Decimal


class Tick:
    """The direction of a price: up or down, or as it was when it last moved (docs/v5/enum)."""

    def __init__(self) -> None:
        self._last: Decimal | None = None
        self._way = "Plus"

    def after(self, price: Decimal) -> str:
        """The direction after the next price."""
        before, self._last = self._last, price
        if before is None or price == before:
            return f"Zero{self._way}Tick"
        self._way = "Plus" if price > before else "Minus"
        return f"{self._way}Tick"
