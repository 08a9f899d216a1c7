"""Where alembic meets the database: on the connection, and in the transaction, of the caller.

A new revision is drafted from the tables with ``alembic.command.revision(config,
autogenerate=True)`` and the configuration of
:func:`trueup.storage.sqlite.migrating.configuration`.
"""

from alembic import context

from trueup.storage.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
