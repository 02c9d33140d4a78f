"""Whose Home shows a programme is found without looking through all people."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_person_shows_programme",
        "person",
        ["workspace_id"],
        sqlite_where=sa.text("home_shows_programme = 1"),
        postgresql_where=sa.text("home_shows_programme"),
    )
