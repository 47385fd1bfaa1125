"""What a report looks like: figures, table by class, curve, confusion, pictures."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from clew.gui.charts.series import CurveSeries, class_colours
from clew.gui.compare.table import FlatTable
from clew.gui.inspector.parts import TwoColumns, toggle
from clew.gui.ops import Ops
from clew.gui.report.load import LoadedReport
from clew.gui.report.pictures import PicturesView
from clew.gui.report.rows import class_table, tiles
from clew.gui.state import State
from clew.gui.theme import Theme
from clew.gui.widgets.basic import clear, column, label, row, section
from clew.model.evaluation import Evaluation

_ACROSS = 5
_MOST_CURVES = 20


class ReportView(QWidget):
    """One report on screen."""

    def __init__(self, ws: Any, ops: Ops, state: State) -> None:
        super().__init__()
        self.state = state
        self.loaded: LoadedReport | None = None
        self._made: dict[str, Any] = {}
        self.said = label("", tone="dim", wrap=True)
        self._tiles = QGridLayout()
        self._tiles.setSpacing(14)
        self._tiles.setContentsMargins(0, 4, 0, 12)
        self.classes = FlatTable(state.theme, "By class", sortable=True, pickable=True)
        self.classes.row_changed.connect(lambda _row: self._draw_curves())
        self.every = toggle("Every class", lambda _on: self._draw_curves())
        self.pictures = PicturesView(ws, ops, state)
        self.no_pictures = label("This report kept no figures by picture.", tone="dim")
        self.matrix_words = label("Click a cell to see its pictures.", tone="dim")
        left = QWidget()
        left.setLayout(column(self.said, self._tiles, section("By class"), self.classes, spacing=4))
        self.right = QWidget()
        self._charts = QVBoxLayout(self.right)
        self._charts.setContentsMargins(0, 0, 0, 0)
        self._charts.setSpacing(6)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(18)
        whole.addWidget(TwoColumns(left, self.right))
        whole.addWidget(self.pictures)
        whole.addWidget(self.no_pictures)
        whole.addStretch(1)
        state.theme_changed.connect(self._take_theme)

    def show_report(self, loaded: LoadedReport, said: str, picture: str = "") -> None:
        """Show a report; `picture` is the path that the list of pictures begins with."""
        self._make_charts()
        self.loaded = loaded
        self.said.setText(said)
        clear(self._tiles)
        for place, (figure, words) in enumerate(tiles(loaded.evaluation)):
            self._tiles.addWidget(
                _tile(figure, words, 22 if place == 0 else 17), place // _ACROSS, place % _ACROSS
            )
        self._draw()
        known = bool(loaded.evaluation.per_image)
        self.pictures.setVisible(known)
        self.no_pictures.setVisible(not known)
        if known:
            self.pictures.show_report(loaded, picture)

    def _make_charts(self) -> None:
        """Charts come with the first report: their library takes a while to load."""
        if self._made:
            return
        from clew.gui.charts.confusion import ConfusionChart
        from clew.gui.charts.curves import CurveChart

        curves = CurveChart(self.state.theme, "Precision and recall, IoU 0.50")
        matrix = ConfusionChart(self.state.theme, "Confusion: rows are the truth, columns what was found")
        curves.setFixedHeight(curves.sizeHint().height())
        matrix.cell_clicked.connect(self._pick_cell)
        self._made = {"curves": curves, "matrix": matrix}
        recall = label("recall", 11, tone="dim")
        recall.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._charts.addLayout(row(section(curves.name), None, self.every))
        self._charts.addWidget(curves)
        self._charts.addWidget(recall)
        self._charts.addSpacing(12)
        self._charts.addWidget(section(matrix.name))
        self._charts.addWidget(matrix)
        self._charts.addWidget(self.matrix_words)

    def _draw(self) -> None:
        if self.loaded is None:
            return
        evaluation = self.loaded.evaluation
        self.every.setVisible(1 < len(evaluation.class_curves) <= _MOST_CURVES)
        self.classes.set_table(*class_table(evaluation, self._colours(evaluation)))
        matrix = self._made["matrix"]
        matrix.set_matrix(evaluation.confusion, evaluation.confusion_names)
        matrix.setFixedHeight(matrix.sizeHint().height())
        self._draw_curves()

    def _colours(self, evaluation: Evaluation) -> dict[str, Any]:
        names = [c.name for c in evaluation.classes]
        return dict(zip(names, class_colours(self.state.theme, len(names))))

    def _draw_curves(self) -> None:
        if self.loaded is None:
            return
        evaluation = self.loaded.evaluation
        chosen = self.classes.currentIndex()
        wanted = (
            set(evaluation.class_curves) if self.every.isChecked() and not self.every.isHidden() else set()
        )
        if chosen.isValid():
            wanted.add(self.classes.flat.rows[chosen.row()][0].text)
        series = [
            CurveSeries(name, colour, evaluation.class_curves[name])
            for name, colour in self._colours(evaluation).items()
            if name in wanted and name in evaluation.class_curves
        ]
        overall = CurveSeries("All classes", self.state.theme.accent, evaluation.pr_curve)
        self._made["curves"].set_series((*series, overall))

    def _pick_cell(self, truth: int, found: int) -> None:
        from clew.gui.charts.confusion import cell_words

        assert self.loaded is not None
        evaluation = self.loaded.evaluation
        names, last = evaluation.confusion_names, len(evaluation.confusion_names) - 1
        words = cell_words(names, evaluation.confusion, truth, found)
        ends = [None if i == last else names[i] for i in (truth, found)]
        if not self.pictures.show_cell(ends[0], ends[1], words):
            words += ", in no picture that can be shown" if evaluation.confusion[truth][found] else ""
        self.matrix_words.setText(words + ".")

    def _take_theme(self, theme: Theme) -> None:
        self.classes.set_theme(theme)
        for chart in self._made.values():
            chart.set_theme(theme)
        self._draw()


def _tile(figure: str, words: str, px: int) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(1)
    layout.addStretch(1)
    layout.addWidget(label(figure, px, 650))
    layout.addWidget(label(words, 12, tone="dim"))
    made.setAccessibleName(f"{words} {figure}")
    return made
