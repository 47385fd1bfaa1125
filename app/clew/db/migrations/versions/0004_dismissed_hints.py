"""Hints that were dismissed for good"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('hint_dismissed',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['user.id'], name=op.f('fk_hint_dismissed_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hint_dismissed'))
    )


def downgrade() -> None:
    raise NotImplementedError("a workspace never goes back to an older schema")
