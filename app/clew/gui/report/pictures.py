"""The evaluated pictures, worst first: truth in green, what was found dashed, over a confidence slider."""

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from clew.base.words import count
from clew.gui.diff.list import Entry, ThumbList
from clew.gui.diff.picture import Mark, PictureView
from clew.gui.errors import trouble
from clew.gui.inspector.ask import Ask
from clew.gui.ops import Ops
from clew.gui.report.load import Boxes, LoadedReport, load_boxes, load_picture
from clew.gui.report.match import Pairing, error_words, pair_up
from clew.gui.report.rows import worst_first
from clew.gui.state import State
from clew.gui.widgets.basic import Elided, button, label, row, section
from clew.model.view import Preview

_STEPS = 100
_HEIGHT = 470


class PicturesView(QWidget):
    """List at the left, the chosen picture at the right."""

    filtered = Signal(str)  # in words, "" for all

    def __init__(self, ws: Any, ops: Ops, state: State) -> None:
        super().__init__()
        self.ws = ws
        self.loaded: LoadedReport | None = None
        self.boxes: Boxes | None = None
        self.path = ""
        self._wanted = ""
        self._image: QImage | None = None
        self._ask_boxes, self._ask_picture = Ask(self, ops), Ask(self, ops)
        self._timer = QTimer(self, singleShot=True, interval=60)
        self._timer.timeout.connect(self._read_picture)
        self.title = section("Pictures, worst first")
        self.all = button("Show all", self.show_all, "link")
        self.all.hide()
        self.list = ThumbList(ws, ops, state, "Evaluated pictures, worst first")
        self.list.setFixedHeight(_HEIGHT)
        self.list.setMinimumWidth(240)
        self.list.setMaximumWidth(320)
        self.list.entry_chosen.connect(self._choose)
        self.picture = PictureView(state.theme, "The chosen picture with truth and found boxes")
        self.picture.tallest = _HEIGHT - 60
        self.picture.picked.connect(self.picture.choose)
        self.name = Elided(weight=600, middle=True)
        self.words = label("", tone="dim")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setAccessibleName("Least confidence")
        self.slider.valueChanged.connect(lambda _value: self._draw())
        self.confidence = label("")
        self.confidence.setMinimumWidth(34)
        state.theme_changed.connect(self.picture.set_theme)
        self._lay_out()

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(row(self.name, self.words, None))
        right.addWidget(self.picture)
        self.slider.setMaximumWidth(260)
        legend = label("Green is the truth, dashed is what was found", tone="dim")
        right.addLayout(
            row(label("Least confidence", tone="dim"), self.slider, self.confidence, None, legend)
        )
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(12)
        both.addWidget(self.list, 3, Qt.AlignmentFlag.AlignTop)
        both.addLayout(right, 7)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(row(self.title, self.all, None))
        whole.addLayout(both)

    @property
    def least(self) -> float:
        """The confidence below which detections are left out."""
        return self.slider.value() / _STEPS

    def show_report(self, loaded: LoadedReport, path: str = "") -> None:
        """Show the pictures of a report, and one of them at first."""
        if self.loaded is not None and self.loaded.report == loaded.report:
            if path:
                self.list.choose(path)
            return
        self.loaded, self.boxes, self._image, self._wanted = loaded, None, None, path
        best = loaded.evaluation.metrics.get("confidence")
        self.slider.setValue(round((0.5 if best is None else best) * _STEPS))
        self.show_all()
        ws = self.ws
        self._ask_boxes(lambda: load_boxes(ws, loaded), self._take_boxes, self._failed)

    def show_all(self) -> None:
        """All pictures of the report."""
        if self.loaded is not None:
            self._fill({path for path, *_ in self.loaded.evaluation.per_image}, "")

    def show_cell(self, truth: str | None, found: str | None, words: str) -> bool:
        """Only the pictures in which `truth` was found as `found` (None is background); False if unknown."""
        if self.loaded is None or self.boxes is None:
            return False
        best = self.loaded.evaluation.metrics.get("confidence") or 0.0
        paths = {
            path for path, *_ in self.loaded.evaluation.per_image if self._pair(path, best).has(truth, found)
        }
        if not paths:
            return False
        self._fill(paths, words)
        return True

    def _pair(self, path: str, confidence: float) -> Pairing:
        assert self.boxes is not None
        return pair_up(self.boxes.truth.get(path, ()), self.boxes.found.get(path, ()), confidence)

    def _fill(self, paths: set[str], words: str) -> None:
        assert self.loaded is not None
        version = self.loaded.version
        entries = tuple(
            Entry(path, error_words(right, extra, missed), Preview(version.tree, path, version.project_id))
            for path, right, extra, missed in worst_first(self.loaded.evaluation)
            if path in paths
        )
        self.title.setText(
            f"{words}, in {count(len(entries), 'picture')}" if words else "Pictures, worst first"
        )
        self.all.setVisible(bool(words))
        self.list.set_entries(entries)
        if self._wanted and self.list.choose(self._wanted):
            self._wanted = ""
        self.filtered.emit(words)

    def _choose(self, entry: Entry) -> None:
        self.path = entry.path
        self._timer.start()

    def _read_picture(self) -> None:
        loaded, path, ws = self.loaded, self.path, self.ws
        if loaded is not None and path:
            self._ask_picture(lambda: load_picture(ws, loaded, path), self._take_picture, self._failed)

    def _take_picture(self, image: QImage) -> None:
        self._image = image
        self._draw()

    def _take_boxes(self, boxes: Boxes) -> None:
        self.boxes = boxes
        self._draw()

    def _failed(self, error: BaseException) -> None:
        said = trouble(error, "Reading the picture")
        if said is not None:
            self.picture.set_picture(None, (), said.sentence)

    def _draw(self) -> None:
        self.confidence.setText(f"{self.least:.2f}")
        self.name.setText(self.path)
        if self._image is None or self.boxes is None:
            return
        pairing = self._pair(self.path, self.least)
        self.words.setText(error_words(*pairing.count()))
        self.picture.set_picture(self._image, pair_marks(pairing), "This picture cannot be shown.")


def pair_marks(pairing: Pairing) -> tuple[Mark, ...]:
    """Truth first, then what was found, dashed; both ends of a pair have one key."""
    truth, found = [], []
    for key, (object_, detection) in enumerate(pairing.pairs):
        if object_ is not None:
            missed = "" if detection is not None else ", missed"
            truth.append(Mark(object_.box, "new", False, f"{object_.cls}{missed}", key))
        if detection is not None:
            score = f" {detection.score:.2f}" if detection.score is not None else ""
            wrong = object_ is not None and object_.cls != detection.cls
            words = (
                f"{object_.cls} found as {detection.cls}{score}"
                if object_ and wrong
                else f"{detection.cls}{score}"
            )
            found.append(Mark(detection.box, "old", True, words, key))
    return (*truth, *found)
