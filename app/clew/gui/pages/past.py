"""The workspace as it was at a moment: the time slider hides what was made later and plays how it grew."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer

from clew.gui.canvas.moments import Moments, moments
from clew.gui.canvas.wishes import GoThroughTime
from clew.gui.keys import bind, tip
from clew.gui.widgets.basic import IconButton
from clew.gui.widgets.time_bar import TimeBar
from clew.model.refs import BlockRef

REFUSED = "This is the past: go back to now (Esc) to change something."
_TICK = 240  # milliseconds between two steps of playing: what glides in takes 200
_SLOW = 0.6  # seconds for one moment at usual speed
_WHOLE = 24.0  # seconds that playing all of a large history takes at most at usual speed


class Past(QObject):
    """Looks back; while `on`, nothing is saved and news of the graph wait until it is now again.

    Attributes:
        bar: the time slider.
        step: the moment in view; the last one is now.
    """

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self._page = page
        self.moments: Moments | None = None
        self.step = 0
        self._on = False
        self._exact = 0.0  # the step while playing, with its fraction
        self.bar = TimeBar(page.state)
        self.button = IconButton(page.state, "history", tip("Time slider", "time"), self.toggle)
        self._clock = QTimer(self, interval=_TICK)
        self._clock.timeout.connect(self._tick)
        self._settle = QTimer(self, singleShot=True, interval=160)
        self._settle.timeout.connect(self._settled)
        bind(
            self.bar,
            {"time": self.toggle, "play": self.play},
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        self.bar.stepped.connect(self._stepped)
        self.bar.play_pressed.connect(self.play)
        self.bar.now_pressed.connect(self.end)
        self.bar.close_pressed.connect(self.close)
        self.bar.escape_pressed.connect(self._escape)

    @property
    def on(self) -> bool:
        """Whether an earlier moment than now is shown."""
        return self._on

    @property
    def playing(self) -> bool:
        return self._clock.isActive()

    def toggle(self) -> None:
        """T: show the slider, at now; or put it away."""
        if self.bar.isVisible():
            self.close()
            return
        self.bar.show()
        self.drawn()
        self.bar.track.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close(self) -> None:
        """Back to now, without the slider."""
        self.end()
        self.bar.hide()
        self._page.canvas.setFocus()

    def end(self) -> bool:
        """Back to now: what came meanwhile is shown. Whether it was not now."""
        self._stop()
        was = self._on
        if was and self.moments is not None:
            self._show(len(self.moments))
        return was

    def play(self) -> None:
        """Let time go by from the moment in view, from the beginning if that is now; or stop."""
        if self.playing:
            self._stop()
            return
        if not self.bar.isVisible():
            self.toggle()
        if self.moments is None or len(self.moments) < 2:
            return
        if not self._on:
            self._show(1)
        self._exact = float(self.step)
        self._clock.start()
        self.bar.show_playing(playing=True)

    def drawn(self) -> None:
        """The canvas shows another graph: find the moment in view again."""
        page = self._page
        if not self.bar.isVisible() or page.view is None:
            return
        moment = self.moments.at(self.step) if self._on and self.moments is not None else None
        made = {one.ref: one.created_at for one in (*page.view.blocks, *page.view.notes)}
        self.moments = found = moments(page.canvas.scene, made)
        self.step = found.last_before(moment) if moment is not None else max(len(found), 1)
        self.bar.set_moments(found, self.step)
        self._show(self.step)

    def refuse(self) -> bool:
        """Whether nothing can be changed because it is the past; says so."""
        if self._on:
            self._page.state.say(REFUSED)
        return self._on

    def reveal(self, refs: list[BlockRef]) -> None:
        """Back to now if somebody wants to see a block that was made later."""
        scene = self._page.canvas.scene
        if self._on and scene.later[scene.rows(refs)].any():
            self.end()

    def grant(self, wish: GoThroughTime) -> None:
        """T and Shift+T on the canvas."""
        (self.play if wish.play else self.toggle)()

    def now_only(self, run: Callable[[], object]) -> Callable[[], None]:
        """The same act, refused while it is the past."""

        def guarded() -> None:
            if not self.refuse():
                run()

        return guarded

    def _settled(self) -> None:
        self._page.canvas.minimap.outdate()

    def _escape(self) -> None:
        if not self.end():
            self.close()

    def _stepped(self, step: int) -> None:
        self._stop()
        self._show(step)

    def _show(self, step: int, *, glide: bool = False) -> None:
        found, canvas = self.moments, self._page.canvas
        if found is None:
            return
        self.step = step
        now = step >= len(found)
        was, self._on = self._on, not now
        canvas.frozen = self._on
        if self._on and not was:
            canvas.cancel_gesture()
        canvas.show_until(found.later(step if not now else len(found)), glide=glide)
        self.bar.show_step(found, max(step, 1))
        self._settle.start()
        if was and now:
            self._page._catch_up()

    def _tick(self) -> None:
        found = self.moments
        if found is None:
            return
        seconds = min(len(found) * _SLOW, _WHOLE)
        self._exact += len(found) / seconds * (_TICK / 1000) * self.bar.factor
        step = min(int(self._exact), len(found))
        if step != self.step:
            self._show(step, glide=True)
        if step >= len(found):
            self._stop()

    def _stop(self) -> None:
        self._clock.stop()
        self.bar.show_playing(playing=False)
