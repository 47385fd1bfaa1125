"""How fast a task gets on, and the figure it reported last"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('task', sa.Column('pace', sa.JSON(), nullable=False, server_default='[]'))
    op.add_column('task', sa.Column('last_metric', sa.Text(), nullable=False, server_default=''))
