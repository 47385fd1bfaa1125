"""The one road for news: polls whether somebody committed, and reads what was touched."""

import sqlite3
import threading
from urllib.parse import quote

from clew.db import queries
from clew.model.entities import Changes
from clew.services.workspace import DATABASE, Workspace


class Feed:
    """Follows the change log of one workspace. `poll` costs a tenth of a millisecond when nothing is new."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._lock = threading.Lock()
        mode = "ro&immutable=1" if ws.read_only else "ro"
        # A connection of its own: data_version tells of commits by every other connection, ours included.
        self._watch = sqlite3.connect(
            f"file:{quote(str(ws.path / DATABASE))}?mode={mode}", uri=True, check_same_thread=False
        )
        self._seen = self._data_version()
        with ws.db.read() as connection:
            self.seq = queries.newest_seq(connection)

    def poll(self) -> Changes | None:
        """What was touched since the last poll, or None."""
        with self._lock:
            version = self._data_version()
            if version == self._seen:
                return None
            self._seen = version
            with self._ws.db.read() as connection:
                changes = queries.changes_since(connection, self.seq)
            self.seq = changes.seq
            return changes if changes.touched else None

    def close(self) -> None:
        self._watch.close()

    def _data_version(self) -> int:
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])
