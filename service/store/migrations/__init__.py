"""The database schema, revision by revision; written by Alembic, run by `service.store.database.migrate`."""
