"""The inspector when no block, or several, are chosen."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clew.base.words import count
from clew.gui.inspector.hints import HintList
from clew.gui.inspector.load import Several, Summary
from clew.gui.inspector.section import Env, Facts, RefList
from clew.gui.widgets.basic import button, label, section


class SummaryView(QWidget):
    """What the graph in view holds."""

    def __init__(self, env: Env) -> None:
        super().__init__()
        self.caption = label("", tone="dim", px=12, weight=500)
        self.name = label("", 16, 650, wrap=True)
        self.facts = Facts()
        self.newest_title = section("Newest")
        self.newest_title.setContentsMargins(0, 10, 0, 0)
        self.newest = RefList(env)
        self.hints = HintList(env)
        self.hint = label("Click a block to see all about it.", tone="dim", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 18, 18, 18)
        layout.setSpacing(8)
        for widget in (
            self.caption,
            self.name,
            self.facts,
            self.newest_title,
            self.newest,
            self.hints,
            self.hint,
        ):
            layout.addWidget(widget)
        layout.addStretch(1)

    def show_summary(self, summary: Summary) -> None:
        self.caption.setText(summary.caption)
        self.name.setText(summary.title)
        self.facts.set_rows(tuple((words, f"{n:,}") for words, n in summary.counts))
        self.facts.setVisible(bool(summary.counts))
        self.newest.set_named(summary.newest)
        self.newest_title.setVisible(bool(summary.newest))
        self.hints.show_for(summary.of_all)
        self.hint.setText(
            "Click a block to see all about it."
            if summary.newest or summary.counts
            else "Nothing here yet. Import pictures, or run an app."
        )


class SeveralView(QWidget):
    """The chosen blocks, and Compare where they compare."""

    def __init__(self, env: Env) -> None:
        super().__init__()
        self._env = env
        self.several = Several((), 0)
        self.name = label("", 16, 650)
        self.compare = button("Compare", self._compare, "primary")
        self.rows = RefList(env)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 18, 18, 18)
        layout.setSpacing(10)
        layout.addWidget(self.name)
        layout.addWidget(self.compare)
        layout.addWidget(self.rows)
        layout.addStretch(1)

    def show_several(self, several: Several) -> None:
        self.several = several
        self.name.setText(count(several.total, "block") + " chosen")
        self.compare.setText(several.words)
        self.compare.setAccessibleName(several.words)
        self.compare.setVisible(bool(several.words))
        self.rows.set_named(several.named, several.total - len(several.named))

    def _compare(self) -> None:
        found, env = self.several, self._env
        if found.page == "compare":
            from clew.gui.compare.dialog import CompareDialog

            CompareDialog(env.ws, env.ops, env.state, found.args["ids"], parent=self.window()).open()
        else:
            env.state.open(found.page, **found.args)
