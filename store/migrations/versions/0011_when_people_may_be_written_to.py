"""When people may be written to, and how often; who isn't asked whether they rest."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("works_from", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("works_until", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("work_days", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("nudges_a_week", sa.Integer(), nullable=True))

    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rest_unasked_until", sa.DateTime(timezone=True), nullable=True))
