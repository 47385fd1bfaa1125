"""The tables of a workspace. Moments are microseconds since 1970 in UTC, sizes bytes, trees hex ids.

A migration under `migrations/versions` must follow every change here; a test compares the two.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from clew.db.any_text import AnyText as Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _made() -> list[Column[int]]:
    return [
        Column("created_at", BigInteger, nullable=False),
        Column("created_by", Integer, ForeignKey("user.id"), nullable=False),
    ]


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


meta = Table(
    "meta", metadata, Column("key", String(64), primary_key=True), Column("value", Text, nullable=False)
)

user = Table(
    "user",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("machine", Text, nullable=False),
    UniqueConstraint("name", "machine"),
)

project = Table(
    "project",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    _text("description"),
    Column("folder", Text, nullable=False),  # relative to the workspace when managed
    Column("managed", Boolean, nullable=False),
    Column("format", String(32), nullable=False),
    *_made(),
    Column("updated_at", BigInteger, nullable=False),
    Column("custom", JSON, nullable=False),
    Column("removed_at", BigInteger),
)
# A removed project keeps its rows so that history stays readable, and gives its name free.
Index("uq_project_name", project.c.name, unique=True, sqlite_where=project.c.removed_at.is_(None))

dataset = Table(
    "dataset",
    metadata,
    _id(),
    Column("project_id", Integer, ForeignKey("project.id"), nullable=False),
    Column("parent_id", Integer, ForeignKey("dataset.id")),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("items", Integer, nullable=False, server_default="0"),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("project_id", "path"),
)

task = Table(
    "task",
    metadata,
    _id(),
    Column("app", Text),
    Column("name", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("params", JSON, nullable=False),
    Column("inputs", JSON, nullable=False),
    Column("code", JSON, nullable=False),
    Column("environment", JSON, nullable=False),
    *_made(),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("progress", Float),
    _text("progress_text"),
    _text("message"),
    Column("exit_code", Integer),
    Column("pid", Integer),
    Column("notes", JSON, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("parent_id", Integer, ForeignKey("task.id")),
    _text("icon"),
    Column("pace", JSON, nullable=False, server_default="[]"),
    _text("last_metric"),
    Index(None, "status"),
)

version = Table(
    "version",
    metadata,
    _id(),
    Column("project_id", Integer, ForeignKey("project.id"), nullable=False),
    Column("number", Integer, nullable=False),
    _text("title"),
    _text("description"),
    Column("tree", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("files", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("added", BigInteger, nullable=False),
    *_made(),
    Column("task_id", Integer, ForeignKey("task.id")),
    Column("deleted_at", BigInteger),
    UniqueConstraint("project_id", "number"),
    CheckConstraint("number > 0", name="number"),
)

state = Table(
    "state",
    metadata,
    _id(),
    Column("project_id", Integer, ForeignKey("project.id"), nullable=False),
    Column("after", Integer, nullable=False),
    Column("minor", Integer, nullable=False),
    Column("tree", String(64), nullable=False),
    Column("version_id", Integer, ForeignKey("version.id")),
    Column("task_id", Integer, ForeignKey("task.id")),
    *_made(),
    UniqueConstraint("project_id", "after", "minor"),
    Index(None, "project_id", "tree"),
)

statistics = Table(
    "statistics",
    metadata,
    Column("tree", String(64), primary_key=True),
    Column("format", String(32), primary_key=True),
    Column("data", JSON, nullable=False),
)

app = Table(
    "app",
    metadata,
    Column("slug", String(128), primary_key=True),
    Column("folder", Text, nullable=False),
    *_made(),
)

labeling_job = Table(
    "labeling_job",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    _text("description"),
    Column("project_id", Integer, ForeignKey("project.id"), nullable=False),
    Column("dataset_id", Integer, ForeignKey("dataset.id")),
    _text("assigned_to"),
    Column("status", String(16), nullable=False),
    Column("items_total", Integer, nullable=False),
    Column("items_done", Integer, nullable=False),
    *_made(),
)

file = Table(
    "file",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("is_dir", Boolean, nullable=False),
    Column("model_weight", Boolean, nullable=False),
    *_made(),
    Index(None, "path"),
)

model = Table(
    "model",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("framework", Text, nullable=False),
    Column("classes", JSON, nullable=False),
    Column("tree", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("files", Integer, nullable=False),
    Column("task_id", Integer, ForeignKey("task.id")),
    Column("version_id", Integer, ForeignKey("version.id")),
    *_made(),
    Column("info", JSON, nullable=False),
    UniqueConstraint("name", "number"),
)

report = Table(
    "report",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("model_id", Integer, ForeignKey("model.id")),
    Column("version_id", Integer, ForeignKey("version.id"), nullable=False),
    Column("task_id", Integer, ForeignKey("task.id")),
    Column("split", Text, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("tree", String(64), nullable=False),
    *_made(),
)

link = Table(
    "link",
    metadata,
    _id(),
    Column("source_kind", String(16), nullable=False),
    Column("source_id", Integer, nullable=False),
    Column("target_kind", String(16), nullable=False),
    Column("target_id", Integer, nullable=False),
    Column("task_id", Integer, ForeignKey("task.id")),
    _text("title"),
    Column("meta", JSON, nullable=False),
    Column("by_hand", Boolean, nullable=False),
    *_made(),
    UniqueConstraint("source_kind", "source_id", "target_kind", "target_id"),
    Index(None, "target_kind", "target_id"),
    Index(None, "task_id"),
)

frame = Table(
    "frame",
    metadata,
    _id(),
    Column("scope", String(32), nullable=False),
    Column("title", Text, nullable=False),
    _text("colour"),
    Column("parent_id", Integer),  # the frame around it; one that is gone counts as none
    Column("folded", Boolean, nullable=False, server_default="0"),
    *_made(),
    sqlite_autoincrement=True,  # an undo must not find somebody else's frame under its number
)

frame_member = Table(
    "frame_member",
    metadata,
    Column("frame_id", Integer, ForeignKey("frame.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("ref_id", Integer, primary_key=True),
)

block_position = Table(
    "block_position",
    metadata,
    Column("scope", String(32), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("ref_id", Integer, primary_key=True),
    Column("x", Float, nullable=False),
    Column("y", Float, nullable=False),
)

block_pin = Table(
    "block_pin",
    metadata,
    Column("scope", String(32), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("ref_id", Integer, primary_key=True),
)

block_text = Table(
    "block_text",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("ref_id", Integer, primary_key=True),
    Column("description", Text, nullable=False),
)

note = Table(
    "note",
    metadata,
    _id(),
    Column("scope", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("x", Float, nullable=False),
    Column("y", Float, nullable=False),
    Column("width", Float, nullable=False),
    Column("height", Float, nullable=False),
    *_made(),
    sqlite_autoincrement=True,
)

hint_dismissed = Table(
    "hint_dismissed",
    metadata,
    Column("id", Text, primary_key=True),  # as `model.hints.Hint.id`
    *_made(),
)

change_log = Table(
    "change_log",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("user_id", Integer),
    Column("touched", JSON, nullable=False),  # [["version", 12], …]
    sqlite_autoincrement=True,  # a number is never given twice, so a reader never misses a row
)
