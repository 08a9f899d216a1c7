"""Upgrades a database by the migrations. Only this module needs alembic and SQLAlchemy to run."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from .access.address import Address
from .access.errors import database_failed
from .types import use_types
from .view_definitions import drop_views, renew_views

_LOCATION = Path(__file__).parents[1] / "migrations"


def migrate(address: Address, location: Path = _LOCATION, target: str = "head") -> None:
    """Runs the migrations that the database lacks and makes its views anew, in one transaction.

    Args:
        address: of the database.
        location: the folder with the migrations, another one for tests.
        target: the revision to stop at, for tests.

    Raises:
        StoreError: the database refused; nothing was changed.
    """
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(address.url), poolclass=NullPool
    )
    use_types(engine.dialect)
    try:
        with engine.begin() as connection:
            raw = connection.connection.driver_connection
            if not isinstance(raw, psycopg.Connection):
                raise TypeError(f"the migrations run on psycopg, not on {type(raw).__name__}")
            drop_views(raw)
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(location).replace("%", "%%"))
            command.upgrade(config, target)
            renew_views(raw)
    except SQLAlchemyError as error:
        raise database_failed(address.name, getattr(error, "orig", None) or error) from error
    finally:
        engine.dispose()
