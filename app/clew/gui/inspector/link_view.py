"""The inspector when a link is chosen."""

from PySide6.QtCore import QSize, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clew.gui.icons import icon_pixmap, shipped
from clew.gui.inspector.load import LinkShown
from clew.gui.inspector.section import Env, Facts, RefRow
from clew.gui.theme import Theme
from clew.gui.widgets.basic import button, clear, label, section
from clew.model.view import BlockLink, LinkKind

RECORDED = "Recorded links are part of the history and stay."


class LinkView(QWidget):
    """Both ends as buttons, when and by whom, what the program says of it; Remove for one drawn by hand."""

    went = Signal(object)  # BlockRef
    removed = Signal(object)  # BlockLink

    def __init__(self, env: Env) -> None:
        super().__init__()
        self._env = env
        self.link: BlockLink | None = None
        self._icon, self._colour = "", ""
        self.icon = QLabel()
        self.caption = label("Link", tone="dim", px=12, weight=500)
        self.name = label("", 16, 650, wrap=True)
        self.description = label("", wrap=True)
        self.ends = QVBoxLayout()
        self.ends.setSpacing(3)
        self.facts = Facts()
        self.more = button("", self._visit, "link")
        self.remove = button("Remove link", self._remove)
        self.stays = label(RECORDED, tone="dim", wrap=True)
        top = QHBoxLayout()
        top.setSpacing(7)
        top.addWidget(self.icon)
        top.addWidget(self.caption, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 18, 18, 18)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.name)
        layout.addWidget(self.description)
        layout.addLayout(self.ends)
        for widget in (self.facts, self.more, self.remove, self.stays):
            layout.addWidget(widget)
        layout.addStretch(1)
        self._url = ""
        self._tint(env.state.theme)
        env.state.theme_changed.connect(self._tint)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, super().minimumSizeHint().height())

    def show_link(self, shown: LinkShown) -> None:
        facts, self.link = shown.facts, shown.link
        self.name.setText(facts.title)
        self.name.setVisible(bool(facts.title))
        self.description.setText(facts.description)
        self.description.setVisible(bool(facts.description))
        self._icon, self._colour = facts.icon, facts.colour
        self._tint(self._env.state.theme)
        clear(self.ends)
        for words, named in (("From", shown.source), ("To", shown.target)):
            title = section(words)
            title.setContentsMargins(0, 10, 0, 0)
            self.ends.addWidget(title)
            row = RefRow(self._env.state, named)
            row.chosen.connect(self.went)
            self.ends.addWidget(row)
        rows = (("Link", facts.how), ("When", facts.when), ("By", facts.by))
        self.facts.set_rows(tuple((name, value) for name, value in rows if value))
        self._url = facts.url if facts.url.startswith(("http://", "https://")) else ""
        self.more.setText(facts.url_title or facts.url)
        self.more.setAccessibleName(facts.url_title or facts.url)
        self.more.setVisible(bool(self._url))
        mine = shown.link.kind is LinkKind.HAND
        self.remove.setVisible(mine)
        self.stays.setVisible(shown.link.kind is LinkKind.DATA and shown.link.id is not None)

    def _tint(self, theme: Theme) -> None:
        colour = QColor(self._colour)
        tint = colour if colour.isValid() else theme.dim
        self.icon.setPixmap(icon_pixmap(shipped(self._icon, "link"), tint, 16, self.devicePixelRatioF()))

    def _remove(self) -> None:
        self.removed.emit(self.link)

    def _visit(self) -> None:
        QDesktopServices.openUrl(QUrl(self._url))
