"""Alembic's entry: runs the revisions on the connection that `migrate` opened."""

from alembic import context

from service.store.database import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
