"""The first schema: every table that the models of engine, domain and sign-in declare."""

import importlib
import pkgutil

from alembic import op

from service.store.database import Base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for package in ("service.engine", "service.domain", "service.auth"):
        module = importlib.import_module(package)
        for found in pkgutil.walk_packages(module.__path__, f"{package}."):
            importlib.import_module(found.name)
    Base.metadata.create_all(op.get_bind())
