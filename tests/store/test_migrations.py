"""Migrations: what they build is what the models declare, on both databases."""

import importlib
import pkgutil
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from service.domain.committees import CommitteeMember, Recusal
from service.domain.recommendations import Choice, Recommendation
from service.engine import history, seals
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


NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
BEFORE_SEALS: dict[str, dict[str, Any]] = {
    "round": {
        "id": "r",
        "edition_id": "e",
        "programme": "miit_industry",
        "year": 2026,
        "track": "main",
        "title": "2026年度",
        "stage": "scoring",
        "created_by": "p",
        "created_at": NOW,
        "scoring_pass": 1,
        "salt": "s",
    },
    "person": {"id": "p", "login": "p", "name": "甲", "active": True, "created_at": NOW},
    "recommendation": {"id": "c", "round_id": "r", "division_code": "330000", "status": "submitted"},
    "application": {
        "id": "a",
        "round_id": "r",
        "track": "main",
        "recommendation_id": "c",
        "division_code": "330100",
        "province_code": "330000",
        "status": "accepted",
        "created_by": "p",
        "created_at": NOW,
        "salt": "s",
    },
    "recommendation_choice": {
        "recommendation_id": "c",
        "application_id": "a",
        "chosen": True,
        "reason": "“最好”",
        "chosen_by": "p",
        "chosen_at": NOW,
    },
    "committee_member": {
        "round_id": "r",
        "person_id": "p",
        "position": 1,
        "role": "expert",
        "chair": True,
        "seated_by": "p",
        "seated_at": NOW,
    },
    "recusal": {
        "application_id": "a",
        "person_id": "p",
        "round_id": "r",
        "automatic": False,
        "reason": "委员申请回避",
        "recorded_at": NOW,
    },
}


def test_rows_from_before_they_were_sealed_are_sealed_as_they_stand(database_url: str) -> None:
    import_models()
    database = Database(database_url)
    with database.engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(sa.text("DROP TABLE alembic_version"))
    migrate(database_url, to="0003")
    with database.write() as session:
        history.record(session, history.SYSTEM, "person_created", NOW, data={"person": "p"})
        for name, row in BEFORE_SEALS.items():
            table = sa.Table(name, sa.MetaData(), autoload_with=session.connection())
            session.execute(sa.insert(table).values(row))
    migrate(database_url, to="head")
    with database.write() as session:
        models = (CommitteeMember, Recusal, Recommendation, Choice)
        assert list(seals.broken(session, models)) == []
        assert history.verify(session) == []
        assert len({session.scalars(sa.select(model.salt)).one() for model in models}) == len(models)
        for sealed in models:
            session.execute(sa.text(f"UPDATE {sealed.__tablename__} SET salt = 'another'"))
        assert len(list(seals.broken(session, models))) == len(models)
    database.dispose()
