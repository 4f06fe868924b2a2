"""The database: SQLite embedded, PostgreSQL beyond one machine."""
