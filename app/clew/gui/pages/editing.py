"""What becomes of a wish of the hand on the canvas: an action of a service, which can be undone."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from clew.base.progress import Progress
from clew.base.words import count
from clew.graph.picture import with_values
from clew.gui.actions import actions_for
from clew.gui.canvas import wishes
from clew.gui.canvas.copying import clipping
from clew.gui.canvas.notes import fitting_height
from clew.gui.inspector.link_view import RECORDED
from clew.gui.pages.canvas_menus import CanvasMenus
from clew.gui.pages.sieve import GRANTS
from clew.gui.widgets.sidebar import NavItem
from clew.model.entities import App
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, Edit, LinkKind, Note, Scope, Values
from clew.services import arrange, frames, notes
from clew.services.apps import list_apps
from clew.services.edits import apply_edit, joined
from clew.services.references import references

NEW_FRAME = "New frame"


class Editing(QObject):
    """Sits between the canvas of a page and the services; the page itself only shows."""

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.page, self.canvas = page, page.canvas
        self.ws, self.ops, self.history = page.ws, page.ops, page.history
        self.menus = CanvasMenus(page, self)
        self.apps: dict[str, App] = {}
        self._lit: NavItem | None = None
        canvas = self.canvas
        canvas.wish.connect(self._grant)
        canvas.moved.connect(lambda edit: self.history.push(page.scope, edit))
        canvas.link_requested.connect(self._link)
        canvas.delete_requested.connect(self._delete)
        canvas.menu_requested.connect(self.menus.block_menu)
        canvas.port_dropped.connect(self.menus.offer_apps)
        page.inspector.link.removed.connect(lambda link: self._grant(wishes.RemoveLink(link)))
        canvas.taker, canvas.outside = self._taker, self._outside
        canvas.app_words = self._app_words
        self.history.edited.connect(self._edited)
        self.history.failed.connect(page.refresh)
        self.history.shown.connect(self._come_into_view)
        self.read_apps()

    def read_apps(self) -> None:
        """Learn which apps there are: what is dropped on a task runs its app."""

        def take(found: Any) -> None:
            self.apps = {app.slug: app for app in found}

        self.ops.query(lambda: list_apps(self.ws), take)

    def run(self, label: str, work: Callable[[], Edit], then: Callable[[Edit], object] | None = None) -> None:
        """Do an edit in the scope in view."""
        self.history.run(label, self.page.scope, work, then)

    # --- wishes ----------------------------------------------------------------------------------

    def _grant(self, wish: Any) -> None:
        if isinstance(wish, _EDITS) and self.page.past.refuse():
            return
        _GRANTS[type(wish)](self, wish)

    def _write_note(self, wish: wishes.WriteNote) -> None:
        ws, scope = self.ws, self.page.scope
        if wish.ref is None:
            if wish.text:
                self.run("Adding a note", lambda: notes.add_note(ws, scope, wish.text, wish.place, wish.size))
            return
        note, high = wish.ref.id, fitting_height(wish.text, wish.size[0])
        self.run("Changing a note", lambda: notes.change_note(ws, scope, note, wish.text, high))

    def _describe(self, wish: wishes.Describe) -> None:
        self.run("Saving the description", lambda: arrange.describe(self.ws, wish.ref, wish.text))

    def _make_frame(self, wish: wishes.MakeFrame) -> None:
        ws, scope = self.ws, self.page.scope

        def name(edit: Edit) -> None:
            made = [ref.id for ref, was in edit.before.items() if was is None and isinstance(ref, BlockRef)]
            if made:
                self.canvas.name_frame(made[-1])

        self.run("Making a frame", lambda: frames.make_frame(ws, scope, NEW_FRAME, wish.refs), name)

    def _change_frame(self, wish: wishes.ChangeFrame) -> None:
        ws, scope = self.ws, self.page.scope
        changes = {"title": wish.title, "colour": wish.colour, "folded": wish.folded}

        def show(_edit: Edit) -> None:
            if wish.folded is not None:
                self.canvas.show_frame(wish.frame)

        self.run("Changing a frame", lambda: frames.change_frame(ws, scope, wish.frame, **changes), show)  # type: ignore[arg-type]  # named as its parameters

    def _put_in_frame(self, wish: wishes.PutInFrame) -> None:
        ws, scope, move = self.ws, self.page.scope, wish.move

        def work() -> Edit:
            if move is None:
                return frames.put_in_frame(ws, scope, wish.frame, wish.refs)
            apply_edit(ws, scope, move)
            put = frames.put_in_frame(ws, scope, wish.frame, wish.refs)
            return joined(put.label, (move, put))

        self.run("Putting blocks in a frame", work)

    def _remove_frame(self, wish: wishes.RemoveFrame) -> None:
        ws, scope = self.ws, self.page.scope
        self.run("Removing a frame", lambda: frames.remove_frame(ws, scope, wish.frame))

    def _pin(self, wish: wishes.Pin) -> None:
        ws, scope = self.ws, self.page.scope
        self.run("Pinning", lambda: arrange.pin(ws, scope, wish.refs, pinned=wish.pinned))

    def _run_with(self, wish: wishes.RunWith) -> None:
        from clew.gui.dialogs.run_app import RunDialog

        RunDialog(self.page.context, wish.app, given=wish.ref).open()

    def _add(self, wish: wishes.Add) -> None:
        self.menus.add_menu(wish.at)

    def _frame_menu(self, wish: wishes.FrameMenu) -> None:
        self.menus.frame_menu(wish.frame, wish.at)

    def _link_menu(self, wish: wishes.LinkMenu) -> None:
        self.menus.link_menu(wish.link, wish.at)

    def _into_frame(self, wish: wishes.IntoFrame) -> None:
        self.menus.into_menu(wish.refs, wish.at)

    def _say(self, wish: wishes.Say) -> None:
        self.page.state.say(wish.text)

    # --- links -----------------------------------------------------------------------------------

    def _link(self, source: BlockRef, target: BlockRef) -> None:
        self.run(
            "Drawing a link",
            lambda: arrange.draw_link(self.ws, source, target),
            lambda _edit: self.page.state.say("Linked"),
        )

    def _remove_link(self, wish: wishes.RemoveLink) -> None:
        if wish.link.kind is LinkKind.HAND and wish.link.id is not None:
            self.remove_links([wish.link.id])
        else:
            self.page.state.say(RECORDED)

    def remove_links(self, links: list[int]) -> None:
        """Take away links that were drawn by hand."""
        self.run("Removing links", lambda: arrange.erase_links(self.ws, links))

    # --- delete ----------------------------------------------------------------------------------

    def _delete(self, refs: tuple[BlockRef, ...]) -> None:
        """Notes and frames go at once; a version through its dialog; links drawn by hand after asking."""
        from clew.gui.dialogs.confirm import ConfirmDialog

        if self.page.past.refuse():
            return
        if all(ref.kind.drawn for ref in refs):
            self._remove_drawn(refs)
            return
        if len(refs) != 1:
            self.page.state.say("Select one block to delete it.")
            return
        ref = refs[0]
        for action in actions_for(ref, self.page._block(ref)):
            if action.dangerous:
                action.run(self.page.context)
                return
        links = self.page.view.links if self.page.view else ()
        mine = [
            link.id
            for link in links
            if link.kind is LinkKind.HAND and ref in (link.source, link.target) and link.id is not None
        ]
        if not mine:
            self.page.state.say("This block is part of the history and stays.")
            return
        kept, scope = self.history, self.page.scope

        def said(edit: Edit) -> str:
            kept.keep(scope, edit)
            return "Removed the links"

        ConfirmDialog(
            self.page.context,
            "Remove links",
            f"{count(len(mine), 'link')} drawn by hand at this block will be removed.",
            (),
            lambda: arrange.erase_links(self.ws, mine),
            action="Remove links",
            said=said,
        ).open()

    def _remove_drawn(self, refs: tuple[BlockRef, ...]) -> None:
        ws, scope = self.ws, self.page.scope

        def work() -> Edit:
            edits = [
                notes.change_note(ws, scope, ref.id, "")
                if ref.kind is BlockKind.NOTE
                else frames.remove_frame(ws, scope, ref.id)
                for ref in refs
            ]
            label = edits[0].label if len(edits) == 1 else f"Remove {len(edits):,} notes and frames"
            return joined(label, edits)

        self.run("Removing", work)

    # --- apps ------------------------------------------------------------------------------------

    def _app_words(self, slug: str, ref: BlockRef) -> str:
        from clew.gui.dialogs.run_app import takes

        app = self.apps.get(slug)
        return f"Run {app.name} on this" if app is not None and takes(app, ref) else ""

    def _taker(self, ref: BlockRef, task: Block) -> str:
        """What dropping a block on a task would do."""
        return self._app_words(task.app, ref) if task.app else ""

    def _outside(self, ref: BlockRef | None, at: QPoint) -> str:
        """The app in the side bar that a block is held over; its line is lit."""
        item = QApplication.widgetAt(at) if ref is not None else None
        slug = item.app if isinstance(item, NavItem) else ""
        found = item if ref is not None and slug and self._app_words(slug, ref) else None
        if found is not self._lit:
            for line, on in ((self._lit, False), (found, True)):
                if isinstance(line, NavItem):
                    line.offer(on)
            self._lit = found  # type: ignore[assignment]  # a line or nothing
        return slug if found is not None else ""

    # --- copying ---------------------------------------------------------------------------------

    def _copy(self, wish: wishes.Copy) -> None:
        """The selection on the clipboard: a picture at twice its size, its references as text, or both."""
        from clew.gui.canvas.sheet import image_of
        from clew.gui.graph_file import previews_of

        canvas, scene, look = self.canvas, self.canvas.scene, self.canvas.look_of
        refs: list[BlockRef] = []
        for ref in canvas.selection():
            refs += [ref, *scene.hidden.get(ref, {})]
        if not refs:
            self.page.state.say("Select the blocks to copy first.")
            return
        blocks, cut = len(canvas.selected_rows), clipping(canvas)

        def work(progress: Progress) -> tuple[QImage | None, list[str]]:
            image = None
            if wish.what != "references":
                image = image_of(cut.drawn(look, previews_of(self.ws)), cut.window, progress=progress)
            return image, references(self.ws, refs) if wish.what != "picture" else []

        def done(found: tuple[QImage | None, list[str]]) -> None:
            image, words = found
            data = QMimeData()
            if image is not None:
                data.setImageData(image)
            if words:
                data.setText("\n".join(words))
            QGuiApplication.clipboard().setMimeData(data)
            self.page.state.say(f"Copied {count(blocks, 'block')}")

        self.ops.read("Copying blocks", work, done)

    # --- what came of it -------------------------------------------------------------------------

    def _edited(self, scope: Scope, values: Values, by_hand: bool) -> None:
        """Show at once what an edit makes of the picture; the change feed confirms it."""
        page = self.page
        if page.view is None or scope.key != page.scope.key:
            return
        places = {thing: value for thing, value in values.items() if isinstance(value, tuple | Note)}
        known = {note.ref: note for note in page.view.notes}
        moved = len(places) == len(values) and all(
            not isinstance(note, Note) or _only_moved(known.get(note.ref), note) for note in places.values()
        )
        page.view = with_values(page.view, values)
        if moved and not by_hand:
            self.canvas.apply_positions(places)
        elif not by_hand:
            page._draw(page.view)

    def _come_into_view(self, scope: Scope) -> None:
        """An undo of another scope's edit shows that scope first: nobody undoes what they do not see."""
        if scope.key != self.page.scope.key:
            self.page.state.open("workflow", scope=scope)

    def here(self, at: QPoint) -> QPointF:
        """A point of the screen in the scene."""
        view = QPointF(self.canvas.viewport().mapFromGlobal(at))
        found: QPointF = self.canvas.camera.to_scene(view)
        return found


def _only_moved(was: Note | None, now: Note) -> bool:
    return was is not None and (was.text, was.width, was.height) == (now.text, now.width, now.height)


_EDITS = (
    *(wishes.WriteNote, wishes.Describe, wishes.MakeFrame, wishes.ChangeFrame, wishes.PutInFrame),
    *(wishes.RemoveFrame, wishes.NotNow, wishes.Pin, wishes.RemoveLink),
)
"""Wishes that have to wait until it is now again."""

_GRANTS: dict[type, Callable[[Editing, Any], None]] = {
    wishes.WriteNote: Editing._write_note,
    wishes.Describe: Editing._describe,
    wishes.MakeFrame: Editing._make_frame,
    wishes.ChangeFrame: Editing._change_frame,
    wishes.PutInFrame: Editing._put_in_frame,
    wishes.RemoveFrame: Editing._remove_frame,
    wishes.Pin: Editing._pin,
    wishes.RemoveLink: Editing._remove_link,
    wishes.RunWith: Editing._run_with,
    wishes.Add: Editing._add,
    wishes.FrameMenu: Editing._frame_menu,
    wishes.LinkMenu: Editing._link_menu,
    wishes.IntoFrame: Editing._into_frame,
    wishes.Say: Editing._say,
    wishes.Copy: Editing._copy,
    **GRANTS,
}
