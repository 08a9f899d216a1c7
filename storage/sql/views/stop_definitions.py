"""Views of stops: how each stands, and what was sent for it."""

from .unfolding import at_place, instant, unfolded, whole, whole_at


def _wanted(name: str) -> str:
    """A field of the stop; what equals its default is left out there."""
    return f"json_extract(m.stop, '$.{name}')"


_KNOWN = "m.position_read_at = m.last_run_at AND m.position_size <> '0'"
_SEEN = f"nullif(coalesce({_wanted('seen.price')}, '0'), '0')"
_TRAILS = f"nullif(coalesce({_wanted('seen.trailing')}, '0'), '0')"
_CLOSES = _wanted("seen.quantity")
_IS_SMALLER = f"{_KNOWN} AND CAST({_CLOSES} AS REAL) < CAST(m.position_size AS REAL)"
"""An order of ours closes less than the position; the exchange's own stop says no quantity."""
_RUNNER = f"SELECT {at_place('w', 2)} FROM json_each(m.withheld) AS w WHERE {whole_at('w', 0)} = 0"
"""What the last plan left to a trailing stop: it has no level's number."""

STOP_STATUS = f"""
SELECT m.account, m.symbol, m.side, coalesce({_wanted("source")}, 'given') AS source,
       nullif(coalesce({_wanted("asked.price")}, '0'), '0') AS asked_price,
       coalesce({_wanted("rule")}, '') AS rule,
       iif({_KNOWN}, {_SEEN}, NULL) AS price, iif({_KNOWN}, {_TRAILS}, NULL) AS trailing,
       CASE WHEN m.position_size = '0' THEN 'flat'
            WHEN NOT ({_KNOWN}) OR {_wanted("seen")} IS NULL THEN 'unknown'
            WHEN coalesce({_SEEN}, {_TRAILS}) IS NULL OR {_IS_SMALLER} THEN 'unprotected'
            WHEN coalesce({_wanted("problem")}, '') <> '' THEN 'elsewhere'
            ELSE 'protected' END AS status,
       iif({_KNOWN}, CASE WHEN coalesce({_SEEN}, {_TRAILS}) IS NULL THEN '0'
                          WHEN {_IS_SMALLER} THEN {_CLOSES}
                          ELSE m.position_size END, NULL) AS protected_quantity,
       coalesce({_wanted("wanted.form")}, 'position') AS form,
       coalesce({_wanted("order.order_link_id")}, '') AS order_link_id,
       iif({_KNOWN}, {_wanted("seen.limit")}, NULL) AS limit_price,
       iif({_KNOWN}, coalesce(({_RUNNER}), '0'), NULL) AS runner_quantity,
       CASE WHEN NOT ({_KNOWN}) THEN NULL WHEN NOT EXISTS ({_RUNNER}) THEN ''
            WHEN {_TRAILS} IS NULL THEN 'waits' ELSE 'trails' END AS runner,
       coalesce({_wanted("problem")}, '') AS problem,
       {instant(whole(_wanted("unprotected_since")))} AS unprotected_since,
       coalesce({whole(_wanted("generation"))}, 0) AS generation,
       coalesce(json_array_length(m.stop, '$.intents'), 0) AS pending
FROM monitor AS m WHERE m.stop IS NOT NULL AND {_wanted("ended")} IS NULL"""

STOP_LOG = f"""
SELECT j.id, e.key AS part, j.run_id, m.account, m.symbol, m.side,
       {instant(f"j.at_us + {whole_at('e', 0)}")} AS at, {at_place("e", 1)} AS intent_id,
       {whole_at("e", 2)} AS cycle, {whole_at("e", 3)} AS generation,
       {at_place("e", 7)} AS price_before, {at_place("e", 12)} AS trailing_before,
       {at_place("e", 13)} AS activation_before, {at_place("e", 4)} AS price,
       {at_place("e", 5)} AS trailing, {at_place("e", 6)} AS activation,
       nullif({at_place("e", 15)}, '0') AS quantity_before,
       nullif({at_place("e", 14)}, '0') AS quantity,
       nullif({at_place("e", 19)}, '0') AS limit_price_before,
       nullif({at_place("e", 18)}, '0') AS limit_price,
       coalesce({at_place("e", 16)}, '') AS operation,
       coalesce({at_place("e", 17)}, '') AS order_link_id,
       {at_place("e", 8)} AS rule, {at_place("e", 9)} AS status,
       {whole_at("e", 10)} AS code, {at_place("e", 11)} AS detail
FROM journal j JOIN monitor m ON m.id = j.monitor_id {unfolded("j.stops", "e")}"""
