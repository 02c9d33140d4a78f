"""What people put off, and what they want fewer of."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.add_column(sa.Column("put_off_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("is_wished", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fewer", sa.JSON(), server_default="{}", nullable=False))
