"""Blocks that are pinned to their place in a scope"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('block_pin',
    sa.Column('scope', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('ref_id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('scope', 'kind', 'ref_id', name=op.f('pk_block_pin'))
    )


def downgrade() -> None:
    raise NotImplementedError("a workspace never goes back to an older schema")
