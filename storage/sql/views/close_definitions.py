"""Views of closes: how each monitor's last one stands, and the requests that were sent for them."""

from .unfolding import instant, whole


def _last(name: str) -> str:
    """A field of the last close; what equals its default is left out there."""
    return f"json_extract(m.closing, '$.last.{name}')"


CLOSE_STATUS = f"""
SELECT m.account, m.symbol, m.side, {_last("command.cause")} AS cause,
       coalesce({whole(_last("command.number"))}, 0) AS number,
       coalesce({_last("command.by")}, '') AS asked_by,
       coalesce({_last("command.reason")}, '') AS reason,
       coalesce({_last("command.share")}, '100') AS share, {whole(_last("command.cycle"))} AS cycle,
       {_last("size")} AS size, {_last("quantity")} AS quantity,
       coalesce({_last("filled")}, '0') AS filled, coalesce({_last("end")}, 'open') AS status,
       coalesce({_last("detail")}, '') AS detail, {instant(whole(_last("began_at")))} AS began_at
FROM monitor AS m WHERE json_extract(m.closing, '$.last') IS NOT NULL"""

CLOSE_LOG = """
SELECT number, run_id, account, symbol, side, generation, order_link_id, order_id,
       covered AS size, quantity, status, code, detail, created_at, resolved_at, settled_in
FROM intent_log WHERE operation = 'close'"""
