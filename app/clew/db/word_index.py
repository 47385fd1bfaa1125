"""An index of words in memory: SQLite's FTS5, https://www.sqlite.org/fts5.html.

Words are cut at everything that is no letter or digit, case and accents count for nothing, and every word
of a query must begin a word of the text, in whatever field.
"""

import contextlib
import re
import sqlite3
import unicodedata
import weakref
from collections.abc import Iterable, Iterator, Sequence

from clew.base.errors import SurroundingsError

_OPEN, _CLOSE = "\x02", "\x03"
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")  # control characters, bytes that are no text
_MOST_WORDS = 32

Marked = tuple[str, tuple[tuple[int, int], ...]]
"""A text, and from where to where the words of a query stand in it."""


class WordIndex:
    """Texts by number, in named fields. Not safe to share between threads: its owner holds a lock."""

    def __init__(self, fields: Sequence[str], weights: Sequence[float]) -> None:
        """Make an empty index; a hit in a field with a larger weight ranks higher.

        Raises:
            SurroundingsError: this Python's SQLite was built without FTS5.
        """
        self._fields = tuple(fields)
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        weakref.finalize(self, self._db.close)
        columns = ", ".join(f'"{name}"' for name in self._fields)
        try:
            self._db.execute(
                f"CREATE VIRTUAL TABLE words USING fts5({columns},"
                " tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')"
            )
        except sqlite3.OperationalError as error:
            raise SurroundingsError(
                "Searching needs SQLite with FTS5, which this Python's SQLite lacks. Install another Python."
            ) from error
        rank = ", ".join(str(weight) for weight in weights)
        self._db.execute("INSERT INTO words(words, rank) VALUES ('rank', ?)", (f"bm25({rank})",))

    def put(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Keep texts by number, in the order of the fields; what stood under the number before is gone."""
        marks = ", ".join("?" * (len(self._fields) + 1))
        columns = ", ".join(f'"{name}"' for name in self._fields)
        with self._at_once():
            self._db.executemany(
                f"INSERT OR REPLACE INTO words(rowid, {columns}) VALUES ({marks})",
                ([number, *(plain(text) for text in texts)] for number, texts in rows),
            )

    def remove(self, numbers: Iterable[int]) -> None:
        with self._at_once():
            self._db.executemany("DELETE FROM words WHERE rowid = ?", ([number] for number in numbers))

    def ranked(self, query: str) -> list[int]:
        """The numbers of all texts that fit, the best first and among equals the largest number first."""
        match = as_match(query)
        if not match:
            return []
        rows = self._db.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank, rowid DESC", (match,)
        )
        return [number for (number,) in rows]

    def marked(self, query: str, numbers: Sequence[int]) -> dict[int, list[Marked]]:
        """For each of a few that fit its fields, with the words of the query marked."""
        parts = ", ".join(f"highlight(words, {i}, char(2), char(3))" for i in range(len(self._fields)))
        chosen = ", ".join(str(int(number)) for number in numbers)
        # With "+" all that fits is walked once; without, the query would be begun anew for every number.
        rows = self._db.execute(
            f"SELECT rowid, {parts} FROM words WHERE words MATCH ? AND +rowid IN ({chosen})",
            (as_match(query),),
        )
        return {number: [_ranges(text) for text in texts] for number, *texts in rows}

    @contextlib.contextmanager
    def _at_once(self) -> Iterator[None]:
        """All of it or nothing."""
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def plain(text: str) -> str:
    """Text that SQLite takes and in which the marks of a hit are no letters of its own; composed (NFC)."""
    return unicodedata.normalize("NFC", _UNFIT.sub(" ", text))


def as_match(query: str) -> str:
    """The query as FTS5 reads it: every word quoted, so that no character of it is an operator."""
    words = [word.replace('"', " ") for word in plain(query).split()]
    kept = [word for word in words if any(letter.isalnum() for letter in word)]
    return " ".join(f'"{word}"*' for word in kept[:_MOST_WORDS])


def _ranges(text: str) -> Marked:
    """The text without the marks, and what stood between them."""
    out, ranges, start, place = [], [], 0, 0
    for piece in re.split(f"([{_OPEN}{_CLOSE}])", text):
        if piece == _OPEN:
            start = place
        elif piece == _CLOSE:
            ranges.append((start, place))
        else:
            out.append(piece)
            place += len(piece)
    return "".join(out), tuple(ranges)
