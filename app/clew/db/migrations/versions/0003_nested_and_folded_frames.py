"""Frames nest and fold; the id of a frame or a note is never given twice, so that an undo finds its own"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

FRAME = 'id, scope, title, colour, created_at, created_by'
MEMBER = 'frame_id, kind, ref_id'
NOTE = 'id, scope, text, x, y, width, height, created_at, created_by'


def upgrade() -> None:
    # SQLite cannot alter a key: new tables take the rows over. Members go first, dropping a frame takes them along.
    for name in ('frame', 'frame_member', 'note'):
        op.execute(f'CREATE TEMPORARY TABLE kept_{name} AS SELECT * FROM "{name}"')
    for name in ('frame_member', 'frame', 'note'):
        op.drop_table(name)
    op.create_table('frame',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=32), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('colour', sa.Text(), server_default='', nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('folded', sa.Boolean(), server_default='0', nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['user.id'], name=op.f('fk_frame_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frame')),
    sqlite_autoincrement=True
    )
    op.create_table('frame_member',
    sa.Column('frame_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('ref_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['frame_id'], ['frame.id'], name=op.f('fk_frame_member_frame_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('frame_id', 'kind', 'ref_id', name=op.f('pk_frame_member'))
    )
    op.create_table('note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('x', sa.Float(), nullable=False),
    sa.Column('y', sa.Float(), nullable=False),
    sa.Column('width', sa.Float(), nullable=False),
    sa.Column('height', sa.Float(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['user.id'], name=op.f('fk_note_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_note')),
    sqlite_autoincrement=True
    )
    for name, columns in (('frame', FRAME), ('frame_member', MEMBER), ('note', NOTE)):
        op.execute(f'INSERT INTO "{name}" ({columns}) SELECT {columns} FROM kept_{name}')
        op.execute(f'DROP TABLE kept_{name}')


def downgrade() -> None:
    raise NotImplementedError("a workspace never goes back to an older schema")
