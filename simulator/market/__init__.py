"""The market: accounts, orders, positions, matching, reduce-only rules, liquidation."""
