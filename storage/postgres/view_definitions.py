"""Views and triggers: whether a database has those of this trueup, and how they are replaced.

PostgreSQL keeps a view in words of its own, so a comment on the table of revisions says which ones
a database has.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256

from ..sql.views.definitions import VIEWS, ViewName
from .access.session import Raw
from .dialect import in_words_of_postgres
from .guards import guards

_MADE = b"SELECT obj_description('alembic_version'::regclass, 'pg_class')"
_VIEWS_THERE = b"SELECT viewname FROM pg_views WHERE schemaname = current_schema()"


def views_agree(raw: Raw) -> bool:
    """Whether the views and triggers are those of this trueup."""
    row = raw.execute(_MADE).fetchone()
    return row is not None and row[0] == _fingerprint()


def drop_views(raw: Raw) -> None:
    """Drops every view, so that a migration may change what they read."""
    for (name,) in raw.execute(_VIEWS_THERE).fetchall():
        if name in VIEWS:
            raw.execute(f'DROP VIEW IF EXISTS "{name}" CASCADE'.encode())


def renew_views(raw: Raw) -> None:
    """Makes every view and trigger anew, in the transaction that is open."""
    drop_views(raw)
    for definition in _definitions():
        raw.execute(definition.encode(), prepare=False)
    raw.execute(f"COMMENT ON TABLE alembic_version IS '{_fingerprint()}'".encode())


@lru_cache(maxsize=1)
def _definitions() -> tuple[str, ...]:
    made = {name: in_words_of_postgres(view.query) for name, view in VIEWS.items()}
    return (*(f"CREATE VIEW {name} AS{query}" for name, query in _in_order(made)), *guards())


def _in_order(queries: Mapping[ViewName, str]) -> Iterator[tuple[str, str]]:
    """Each view after those that it reads: unlike SQLite, PostgreSQL looks at once."""
    left = dict(queries)
    while left:
        for name, query in list(left.items()):
            words = set(query.split())
            if not any(other in words for other in left if other != name):
                yield name, left.pop(name)


@lru_cache(maxsize=1)
def _fingerprint() -> str:
    return f"views {sha256(chr(10).join(_definitions()).encode()).hexdigest()[:16]}"
