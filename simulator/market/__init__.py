"""The market: orders, positions, matching, reduce-only rules, liquidation."""
