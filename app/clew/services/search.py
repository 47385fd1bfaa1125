"""Finding things by words, as fast as one types.

The index lies in memory and belongs to the open workspace: it is made at the first search, and before each
one the change log says what was touched since, which is read again. Nothing of it is kept in the workspace,
so nothing can be stale, and a workspace that can only be read is searched as well.
"""

import threading
import weakref
from collections.abc import Collection

from clew.db import queries
from clew.db.word_index import Marked, WordIndex
from clew.model.refs import BlockKind, BlockRef
from clew.model.search import FIELDS, Found, Hit
from clew.services.search_texts import Entry, entries
from clew.services.workspace import Workspace

_WEIGHTS = (10.0, 3.0, 6.0, 4.0, 3.0, 3.0, 2.0, 2.0, 1.0)  # of FIELDS: a name says more than a message
_AROUND = 32  # letters before and after the words in a snippet
_FEW = 400  # of more changes than these all is read again; SQLite takes 999 values in a query everywhere
_MADE = threading.Lock()


class _Index:
    """The index of one workspace; searches of several threads take turns."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.seq = -1
        self.words = WordIndex(FIELDS, _WEIGHTS)
        self.entries: dict[int, Entry] = {}
        self.number: dict[BlockRef, int] = {}
        self.next = 1

    def refresh(self, ws: Workspace) -> None:
        """Take in what was changed since the last time."""
        with ws.db.read() as connection:
            seq = queries.newest_seq(connection)
            if seq == self.seq:
                return
            wanted: dict[str, set[int]] = {}
            if self.seq >= 0:
                for kind, id_ in queries.changes_since(connection, self.seq).touched:
                    wanted.setdefault(kind, set()).add(id_)
            if self.seq < 0 or max(map(len, wanted.values()), default=0) > _FEW:
                self._all(sorted(entries(connection), key=lambda e: e.created_at))
            else:
                self._some(wanted, list(entries(connection, wanted)))
            self.seq = seq

    def _all(self, found: list[Entry]) -> None:
        self.words, self.entries, self.number, self.next = WordIndex(FIELDS, _WEIGHTS), {}, {}, 1
        self._put(found)

    def _some(self, wanted: dict[str, set[int]], found: list[Entry]) -> None:
        there = {entry.ref for entry in found}
        named = {
            BlockRef(BlockKind(kind), id_)
            for kind, ids in wanted.items()
            if kind in set(BlockKind)
            for id_ in ids
        }
        gone = [self.number.pop(ref) for ref in named - there if ref in self.number]
        self.words.remove(gone)
        for number in gone:
            del self.entries[number]
        self._put([e for e in found if e != self.entries.get(self.number.get(e.ref, 0))])

    def _put(self, found: list[Entry]) -> None:
        rows = []
        for entry in found:
            number = self.number.setdefault(entry.ref, self.next)
            self.next = max(self.next, number + 1)
            self.entries[number] = entry
            rows.append((number, [entry.words.get(field, "") for field in FIELDS]))
        self.words.put(rows)


_INDEXES: "weakref.WeakKeyDictionary[Workspace, _Index]" = weakref.WeakKeyDictionary()


def search(ws: Workspace, words: str, *, kinds: Collection[BlockKind] = (), limit: int = 50) -> Found:
    """Everything in which every one of the words begins a word of a name, a kind, a person, a version, a
    description, a tag, a parameter, a metric or a message; case and accents count for nothing.

    Args:
        words: as a person types them; no character is an operator, and without a letter or digit nothing
            is found.
        kinds: only these.
        limit: how many hits are told in full, the best first and the newest first among equals; `refs` of
            the answer names all.

    Raises:
        SurroundingsError: this Python's SQLite cannot search for words.
    """
    with _MADE:
        index = _INDEXES.get(ws) or _INDEXES.setdefault(ws, _Index())
    with index.lock:
        index.refresh(ws)
        numbers = index.words.ranked(words)
        if kinds:
            numbers = [n for n in numbers if index.entries[n].ref.kind in kinds]
        best = numbers[:limit]
        marked = index.words.marked(words, best) if best else {}
        hits = tuple(_hit(index.entries[n], marked[n]) for n in best)
        return Found(hits, frozenset(index.entries[n].ref for n in numbers))


def _hit(entry: Entry, marked: list[Marked]) -> Hit:
    """The hit, told by the first field that holds a word of the query."""
    told = zip(FIELDS, marked, strict=True)
    field, (text, marks) = next((part for part in told if part[1][1]), (FIELDS[0], (entry.title, ())))
    snippet, marks = _cut(text, marks)
    return Hit(entry.ref, entry.title, entry.caption, field, snippet, marks, entry.created_at, entry.scope)


def _cut(text: str, marks: tuple[tuple[int, int], ...]) -> Marked:
    """The surroundings of the first mark, in one line."""
    if not marks:
        return text[: 2 * _AROUND], ()
    first, end = max(0, marks[0][0] - _AROUND), min(len(text), marks[0][1] + _AROUND)
    before, after = "…" if first else "", "…" if end < len(text) else ""
    line = before + text[first:end].replace("\n", " ").replace("\t", " ") + after
    shift = len(before) - first
    return line, tuple((a + shift, min(b, end) + shift) for a, b in marks if a < end)
