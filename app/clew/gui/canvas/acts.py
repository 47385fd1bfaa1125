"""What keys, palette and menus do on the canvas, by the names of `clew.gui.keys`."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from clew.gui.canvas.align import ALIGNMENTS
from clew.gui.canvas.note_drag import widen
from clew.gui.canvas.wishes import ChooseWay, Copy, GoThroughTime, ShowOnly
from clew.model.refs import BlockKind

if TYPE_CHECKING:
    from clew.gui.canvas.canvas import Canvas


def _escape(canvas: "Canvas") -> None:
    if canvas.gesture is not None:
        canvas.cancel_gesture()
    elif canvas.marks.link is not None:
        canvas.link_hand.choose(None)
    elif not canvas.leave():
        canvas.choose(np.zeros(0, np.int64))


def open_chosen(canvas: "Canvas") -> None:
    """Go along the chosen link, or open what was selected last."""
    if not canvas.link_hand.go_on() and len(canvas.selected_rows):
        canvas.open_row(int(canvas.selected_rows[-1]))


def _delete(canvas: "Canvas") -> None:
    if not canvas.link_hand.remove() and not canvas.remove_frame() and len(canvas.selected_rows):
        canvas.delete_requested.emit(canvas.selection())


def _align(name: str, canvas: "Canvas") -> None:
    canvas.align(name)


ACTS: dict[str, Callable[["Canvas"], None]] = {
    "fit-selection": lambda c: c.fit_selection(),
    "fit": lambda c: c.fit(),
    "all": lambda c: c.choose(np.arange(len(c.scene))),
    "none": _escape,
    "open": open_chosen,
    "next-link": lambda c: c.link_hand.walk(1),
    "last-link": lambda c: c.link_hand.walk(-1),
    "next-thing": lambda c: c.keyboard.read_on(1),
    "last-thing": lambda c: c.keyboard.read_on(-1),
    "next-frame": lambda c: c.keyboard.read_on(1, BlockKind.FRAME),
    "last-frame": lambda c: c.keyboard.read_on(-1, BlockKind.FRAME),
    "next-note": lambda c: c.keyboard.read_on(1, BlockKind.NOTE),
    "last-note": lambda c: c.keyboard.read_on(-1, BlockKind.NOTE),
    "pan-up": lambda c: c.keyboard.pan(0, -1),
    "pan-down": lambda c: c.keyboard.pan(0, 1),
    "pan-left": lambda c: c.keyboard.pan(-1, 0),
    "pan-right": lambda c: c.keyboard.pan(1, 0),
    "link": lambda c: c.keyboard.begin_link(onwards=True),
    "link-from": lambda c: c.keyboard.begin_link(onwards=False),
    "offer": lambda c: c.keyboard.offer_apps(),
    "into-frame": lambda c: c.keyboard.into_frame(),
    "wider": lambda c: widen(c, 1),
    "narrower": lambda c: widen(c, -1),
    "delete": _delete,
    "write": lambda c: c.write(),
    "note": lambda c: c.new_note(c.camera.to_scene(c.pointer) if c.underMouse() else None),
    "frame": lambda c: c.make_frame(),
    "fold": lambda c: c.fold(),
    "unframe": lambda c: c.take_out(),
    "pin": lambda c: c.pin(),
    "copy": lambda c: c.wish.emit(Copy("both")),
    "copy-picture": lambda c: c.wish.emit(Copy("picture")),
    "copy-references": lambda c: c.wish.emit(Copy("references")),
    **{name: partial(_align, name) for name in ALIGNMENTS},
    "made-from": lambda c: c.wish.emit(ChooseWay("to")),
    "depends": lambda c: c.wish.emit(ChooseWay("from")),
    "only-to": lambda c: c.wish.emit(ShowOnly("to")),
    "only-from": lambda c: c.wish.emit(ShowOnly("from")),
    "only-these": lambda c: c.wish.emit(ShowOnly("these")),
    "only-between": lambda c: c.wish.emit(ShowOnly("between")),
    "time": lambda c: c.wish.emit(GoThroughTime()),
    "play": lambda c: c.wish.emit(GoThroughTime(play=True)),
    "zoom-in": lambda c: c.set_zoom(c.zoom() * 1.25),
    "zoom-out": lambda c: c.set_zoom(c.zoom() / 1.25),
    "zoom-100": lambda c: c.set_zoom(1.0),
}
"""The palette offers them too."""
