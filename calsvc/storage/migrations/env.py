"""Alembic's way in: it runs the steps on the connection that ``storage`` hands it."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=False)
context.run_migrations()
