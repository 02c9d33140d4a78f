"""Where Alembic finds the tables. Called by `Store.migrate` with a connection, never by the alembic command."""

from typing import Any, Literal

from alembic import context

from store.models import Base
from store.models.base import Time, Word


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations speak of plain columns: they must outlive our own types."""
    if kind == "type" and isinstance(item, Time):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Word):
        return "sa.String(30)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
