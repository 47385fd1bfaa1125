"""Finding on the graph's page: hits stand out, one goes from hit to hit, and into another graph."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject

from clew.gui.inspector.ask import Ask
from clew.gui.widgets.find import FindField
from clew.model.refs import BlockRef
from clew.model.search import Found
from clew.model.view import Scope
from clew.services.locate import locate
from clew.services.search import search

_TOLD = 200  # hits that are told in full


class Finding(QObject):
    """Carries between the field in the header, the search, and the canvas of a page."""

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.page = page
        self._ask = Ask(self, page.ops)
        self.field = FindField(page.state, self._search)
        self.field.found.connect(page.canvas.set_found)
        self.field.went.connect(page.jump)
        self.field.elsewhere.connect(self._open)
        self.field.chosen.connect(self._choose)
        self.field.looking.connect(lambda _on: page.header.make_room())

    def next(self) -> None:
        self.field.step(1)

    def last(self) -> None:
        self.field.step(-1)

    def leave(self) -> bool:
        """Esc on the canvas: let go of what was found; whether there was something."""
        return self.field.let_go()

    def _search(self, words: str, done: Callable[[Found, Mapping[BlockRef, Scope]], None]) -> None:
        ws = self.page.ws

        def work() -> tuple[Found, Mapping[BlockRef, Scope]]:
            found = search(ws, words, limit=_TOLD)
            return found, locate(ws, found.hits)

        self._ask(work, lambda answer: done(*answer))

    def _open(self, ref: BlockRef, scope: Scope) -> None:
        self.field.let_go()
        self.page.state.open("workflow", scope=scope, select=ref)

    def _choose(self, refs: list[BlockRef]) -> None:
        self.page.sieve.reveal(refs)
        self.page.canvas.select(refs, reveal=True)
        self.page.canvas.setFocus()
