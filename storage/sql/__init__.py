"""What a database in SQL holds: tables, rows, statements, views. Every dialect shares them.

From a value of the domain to its row and back, taking a monitor as the example::

    MonitorRecord ── monitor_rows.monitor_row() ──> the row's values, by column
                                                        │  UPDATE_MONITOR, UPDATE_WATCH, ...
    MonitorRecord <── monitor_rows.monitor_of() ──── the row of MONITOR, by column

The statements name every column of their table by themselves (:mod:`.statements`), and their texts
are generated: a running store loads neither SQLModel nor SQLAlchemy.

Adding a column touches

1. :mod:`.tables`: the field, with its type;
2. the module that converts its table's rows, both ways, side by side: :mod:`.monitor_rows`,
   :mod:`.intent_rows` or :mod:`.journal_rows`;
3. a migration in ``storage/migrations/versions``, which ``alembic.command.revision`` drafts;
4. ``docs/writers/columns.py``: what the column means, to those who read the database.

``make docs`` then writes the statements, the schema of a new database and the page, and ``make
lint`` fails until it has been run. For people to see the column, name it in
:mod:`.views.definitions` and, with its type, in :mod:`.views.rows` or :mod:`.views.event_rows`: no
migration is needed for that.
"""
