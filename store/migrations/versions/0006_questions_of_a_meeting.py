"""What a programme is about, and the questions that each meeting gets when it is booked."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.add_column(sa.Column("focus", sa.String(30), server_default="own", nullable=False))

    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("theme", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("preparation", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("reflection", sa.String(length=60), nullable=True))

    # So far the number of a meeting chose its theme, and there were six.
    op.execute("UPDATE session SET theme = CASE WHEN number > 6 THEN 6 ELSE number END")
