"""Alembic's entry point: runs the steps on the connection that ``storage`` passes to it."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=False)
context.run_migrations()
