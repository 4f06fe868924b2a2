"""Migrations: what they build is what the models declare, on both databases."""

import importlib
import pkgutil

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from service.store.database import Base, Database, migrate

PACKAGES_WITH_MODELS = ("service.engine", "service.domain", "service.auth")


def import_models() -> None:
    for name in PACKAGES_WITH_MODELS:
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(found.name)


def test_a_migrated_database_has_every_table_column_and_index_of_the_models(database_url: str) -> None:
    import_models()
    database = Database(database_url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.dispose()


def test_migrating_a_migrated_database_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    migrate(database_url)
