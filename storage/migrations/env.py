"""Alembic's environment: runs the migrations on the connection that `storage.migrate` hands in."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=None,
    render_as_batch=True,  # SQLite can't alter a table in place
    transactional_ddl=True,  # a migration killed half way leaves the old schema
)
with context.begin_transaction():
    context.run_migrations()
