"""One style sheet for the whole window, made from a theme. Fonts are set on widgets, colours only here."""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from clew.gui.fonts import ui_font
from clew.gui.theme import Theme, css, mix
from clew.gui.ticks import Ticks

RADIUS = 7
_BLACK = QColor("#000000")
_WHITE = QColor("#FFFFFF")


def primary_fill(theme: Theme) -> QColor:
    """The accent as a fill under text: darkened a little in light so that white on it has 4.5:1."""
    return theme.accent if theme.dark else mix(theme.accent, _BLACK, 0.94)


def primary_text(theme: Theme) -> QColor:
    """The text colour on the accent with a contrast of at least 4.5:1."""
    return QColor("#1B0D09") if theme.dark else _WHITE


def apply_style(app: QApplication, theme: Theme) -> None:
    """Dress the application: palette for what Qt draws by itself, style sheet for the rest."""
    app.setStyle(Ticks())
    app.setFont(ui_font(13))
    app.setPalette(_palette(theme))
    app.setStyleSheet(style_sheet(theme))


def style_sheet(theme: Theme) -> str:
    """The style sheet of a theme; widgets choose a look by the dynamic properties `look` and `tone`."""
    parts = (_BASE, _BUTTONS, _INPUTS, _TABLES, _MENUS, _SCROLL)
    sheet = "\n".join(parts)
    for name, colour in sorted(_colours(theme).items(), key=lambda pair: -len(pair[0])):
        sheet = sheet.replace(f"@{name}", colour)
    return sheet.replace("@radius", f"{RADIUS}px")


def _colours(theme: Theme) -> dict[str, str]:
    fill = primary_fill(theme)
    lift = _WHITE if theme.dark else _BLACK
    return {
        "bg": css(theme.bg),
        "surface": css(theme.surface),
        "sunken": css(theme.sunken),
        "line": css(theme.line),
        "text": css(theme.text),
        "dim": css(theme.dim),
        "faint": css(theme.faint),
        "accent": css(theme.accent),
        "good": css(theme.good if theme.dark else mix(theme.good, _BLACK, 0.86)),
        "bad": css(theme.bad),
        "focus": css(theme.project),
        "fill": css(fill),
        "onfill": css(primary_text(theme)),
        "overfill": css(mix(lift, fill, 0.08)),
        "downfill": css(mix(lift, fill, 0.16)),
        "hover": css(mix(theme.text, theme.bg, 0.06)),
        "over": css(mix(theme.text, theme.surface, 0.05)),
        "down": css(mix(theme.text, theme.surface, 0.10)),
        "thumb": css(mix(theme.text, theme.bg, 0.20)),
        "overthumb": css(mix(theme.text, theme.bg, 0.34)),
        "off": css(mix(theme.text, theme.surface, 0.38)),
        "chip": css(mix(theme.text, theme.bg, 0.07)),
        "danger": css(mix(theme.bad, theme.bg, 0.10)),
    }


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for name, colour in {
        role.Window: theme.bg,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.sunken,
        role.Text: theme.text,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.ToolTipBase: theme.surface,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.dim,
        role.Highlight: theme.project,
        role.HighlightedText: theme.bg if theme.dark else _WHITE,
        role.Link: theme.project,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Light: theme.surface,
    }.items():
        palette.setColor(name, colour)
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, theme.faint)
    return palette


_BASE = """
QMainWindow, QDialog { background: @bg; }
QWidget { color: @text; }
QLabel { background: transparent; }
QLabel[tone="dim"] { color: @dim; }
QLabel[tone="good"] { color: @good; }
QLabel[tone="bad"] { color: @bad; }
QLabel[look="chip"] { background: @chip; color: @dim; border-radius: 9px; }
QLabel[look="banner"] { background: @danger; color: @text; border-radius: @radius; padding: 8px 12px; }
QLabel[look="sketch"] { background: @bg; border: 1px solid @line; border-radius: @radius; }
QRadioButton:disabled, QCheckBox:disabled { color: @off; }
QFrame[look="header"] { background: @bg; border: none; border-bottom: 1px solid @line; }
QFrame[look="side"] { background: @sunken; border: none; border-right: 1px solid @line; }
QFrame[look="status"] { background: @sunken; border: none; border-top: 1px solid @line; }
QFrame[look="panel"] { background: @surface; border: none; }
QFrame[look="popup"] { background: @surface; border: 1px solid @line; }
QFrame[look="timebar"] { background: @bg; border: none; border-top: 1px solid @line; }
QFrame[look="strip"] { background: @bg; border: none; border-bottom: 1px solid @line; }
QFrame[look="line"] { background: @line; border: none; max-height: 1px; min-height: 1px; }
QScrollArea, QScrollArea > QWidget > QWidget[look="page"] { background: transparent; border: none; }
QScrollArea:focus { border: 1px solid @focus; }
QStackedWidget, QSplitter { background: transparent; border: none; }
QSplitter::handle { background: @line; }
QSplitter::handle:focus { background: @focus; }
QProgressBar { background: @line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: @fill; border-radius: 2px; }
QToolTip { background: @surface; color: @text; border: 1px solid @line; padding: 4px 7px; }
"""

_BUTTONS = """
QPushButton { background: @surface; color: @text; border: 1px solid @line; border-radius: @radius;
  padding: 5px 12px; min-height: 18px; }
QPushButton:hover { background: @over; }
QPushButton:pressed { background: @down; }
QPushButton:disabled { color: @off; background: @bg; }
QPushButton:focus { border: 2px solid @focus; padding: 4px 11px; }
QPushButton[look="primary"] { background: @fill; color: @onfill; border: 1px solid @fill; }
QPushButton[look="primary"]:hover { background: @overfill; border-color: @overfill; }
QPushButton[look="primary"]:pressed { background: @downfill; border-color: @downfill; }
QPushButton[look="primary"]:disabled { background: @chip; color: @off; border-color: @chip; }
QPushButton[look="primary"]:focus { border: 2px solid @text; }
QPushButton[look="quiet"] { background: transparent; color: @dim; border: 1px solid transparent; }
QPushButton[look="quiet"]:hover { background: @hover; color: @text; }
QPushButton[look="quiet"]:disabled { color: @off; }
QPushButton[look="quiet"]:focus { border: 2px solid @focus; }
QPushButton[look="link"] { background: transparent; color: @dim; border: 1px solid transparent;
  padding: 3px 2px; text-align: left; }
QPushButton[look="link"]:hover { color: @text; }
QPushButton[look="link"]:focus { border: 1px solid @focus; padding: 3px 2px; }
QPushButton[look="chip"] { background: @chip; color: @dim; border: 1px solid transparent; border-radius: 10px;
  padding: 1px 8px; min-height: 16px; }
QPushButton[look="chip"]:hover { color: @text; background: @hover; }
QPushButton[look="chip"]:focus { border: 1px solid @focus; }
QPushButton[look="icon"] { background: transparent; border: 1px solid transparent; padding: 3px;
  min-width: 18px; }
QPushButton[look="icon"]:hover { background: @hover; }
QPushButton[look="icon"]:focus { border: 2px solid @focus; padding: 2px; }
QPushButton[look="large"], QPushButton[look="primary"][large="true"], QPushButton[large="true"] {
  padding: 8px 17px; }
QPushButton[large="true"]:focus, QPushButton[look="primary"][large="true"]:focus { padding: 7px 16px; }
QPushButton::menu-indicator { image: none; width: 0; }
QTabBar { background: transparent; border: none; }
QTabBar::tab { background: transparent; color: @dim; border: none; border-bottom: 2px solid transparent;
  padding: 9px 2px 8px 2px; margin: 0 11px; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabBar::tab:focus { color: @focus; }
"""

_INPUTS = """
QLineEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QComboBox, QPlainTextEdit, QTextEdit {
  background: @surface; color: @text; border: 1px solid @line; border-radius: @radius; padding: 5px 9px;
  selection-background-color: @focus; }
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit { min-height: 18px; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus, QComboBox:focus, QPlainTextEdit:focus,
QTextEdit:focus {
  border: 1px solid @focus; }
QLineEdit[wrong="true"], QSpinBox[wrong="true"], QDoubleSpinBox[wrong="true"] { border: 1px solid @bad; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled { color: @off; background: @bg; }
QLineEdit[look="search"] { background: transparent; border: 1px solid transparent; padding: 5px 2px; }
QLineEdit[look="search"]:hover { background: @hover; }
QLineEdit[look="search"]:focus { background: @surface; border: 1px solid @focus; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 24px; }
QComboBox QAbstractItemView { background: @surface; border: 1px solid @line; outline: none; padding: 4px;
  selection-background-color: @down; selection-color: @text; }
QCalendarWidget { background: @surface; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: @sunken; border: 1px solid @line; }
QCalendarWidget QAbstractItemView { background: @surface; color: @text; alternate-background-color: @sunken;
  selection-background-color: @down; selection-color: @text; border: 1px solid @line; }
QCalendarWidget QAbstractItemView:disabled { color: @off; }
QCalendarWidget QToolButton { background: transparent; color: @text; border: none; border-radius: 5px;
  padding: 3px 8px; }
QCalendarWidget QToolButton:hover { background: @hover; }
QCalendarWidget QToolButton::menu-indicator { image: none; width: 0; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
  width: 0; border: none; }
QPlainTextEdit[look="log"] { background: @sunken; }
"""

_TABLES = """
QAbstractItemView { background: transparent; border: none; outline: none; color: @text;
  selection-background-color: transparent; selection-color: @text; }
QTableView { gridline-color: transparent; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; color: @dim; border: none; border-bottom: 1px solid @line;
  padding: 6px 8px; }
QHeaderView::section:hover { color: @text; }
QHeaderView::up-arrow, QHeaderView::down-arrow { image: none; width: 0; height: 0; }
QTableCornerButton::section { background: transparent; border: none; }
QListWidget[look="list"]::item { padding: 6px 10px; border-radius: @radius; color: @text;
  border: 1px solid transparent; }
QListWidget[look="list"]::item:hover { background: @hover; }
QListWidget[look="list"]::item:selected { background: @surface; color: @text; border: 1px solid @line; }
QListWidget[look="list"]::item:selected:focus { border: 1px solid @focus; }
QListWidget[look="popup"] { background: @surface; border: 1px solid @line; border-radius: @radius;
  padding: 4px; }
QListWidget[look="popup"]::item { padding: 6px 8px; border-radius: 5px; }
QListWidget[look="popup"]::item:hover { background: @over; }
QListWidget[look="popup"]::item:selected { background: @down; color: @text; }
"""

_MENUS = """
QMenu { background: @surface; border: 1px solid @line; border-radius: @radius; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 10px; border-radius: 5px; color: @text; }
QMenu::item:selected { background: @down; }
QMenu::item:disabled { color: @off; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: @line; margin: 5px 8px; }
"""

_SCROLL = """
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: @thumb; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @overthumb; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
"""
