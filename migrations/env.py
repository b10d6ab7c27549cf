"""Runs migrations on the connection that cxcore.db.migrate hands over; each in a transaction of its own."""

import importlib
import pkgutil

from alembic import context
from sqlalchemy import Connection, text

import cxcore
from cxcore.db.base import Base

for module in pkgutil.iter_modules(cxcore.__path__):
    if module.ispkg and importlib.util.find_spec(f"cxcore.{module.name}.tables"):
        importlib.import_module(f"cxcore.{module.name}.tables")

connection: Connection = context.config.attributes["connection"]
connection.execute(text("set lock_timeout = '2s'"))
connection.commit()
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transaction_per_migration=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
