"""Long names, scripts from right to left, and a small window: all stays readable and can be reached."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget

from clew.gui.fonts import ui_font
from clew.gui.state import State
from clew.gui.widgets.flow import Flow
from clew.gui.widgets.header import Header
from clew.gui.widgets.version_card import UnsavedCard
from clew.gui.words import elided, sentence

ARABIC = "مشروع العملات القديمة لتدريب النماذج على صور الميدان"


def test_what_is_cut_ends_at_the_side_where_its_script_ends(qtbot: Any) -> None:
    measure = QFontMetrics(ui_font(13))
    assert elided(measure, "short", 400) == "short"
    assert elided(measure, "A long name of a project" * 9, 120).endswith("…")
    cut = elided(measure, ARABIC, 120)
    assert cut.endswith("…\u200f")
    assert elided(measure, ARABIC, 4000) == ARABIC


def test_a_sentence_runs_from_left_to_right_whatever_name_it_begins_with() -> None:
    assert sentence("Coins is new.") == "Coins is new."
    assert sentence(f"{ARABIC} is new.") == f"\u200e{ARABIC} is new."
    assert sentence("3 pictures") == "3 pictures"


def test_long_names_break_in_marked_up_words_and_the_marks_stay_whole(qtbot: Any) -> None:
    card = UnsavedCard(State("light"), lambda: None)
    qtbot.addWidget(card)
    card.say("Unsaved changes", "a" * 60 + ".png is new.")
    marked = QLabel.text(card.words)
    assert "\u200b" in marked
    assert not [tag for tag in re.findall("<[^>]*>", marked) if "\u200b" in tag]
    assert card.words.accessibleName() == "Unsaved changes: " + "a" * 60 + ".png is new."


def test_buttons_go_into_further_lines_where_one_is_too_short(qtbot: Any) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    labels = [QLabel("x" * 12) for _ in range(3)]
    box.setLayout(Flow(*labels))
    wide = labels[0].sizeHint().width()
    box.resize(4 * wide, 200)
    box.show()
    assert len({made.y() for made in labels}) == 1
    box.resize(2 * wide + 12, 200)
    QApplication.processEvents()
    assert [made.y() > 0 for made in labels] == [False, False, True]
    assert box.layout().heightForWidth(wide) > 2 * labels[0].height()


def test_what_a_small_window_has_no_room_for_stands_in_a_menu(
    open_shell: Callable[..., Any], filled: Path, settle: Callable[[Any], None]
) -> None:
    shell = open_shell(filled, size=(960, 600))
    settle(shell)
    page = shell.pages["workflow"]
    header = page.header
    ends = [b.geometry().right() for b in header.findChildren(QPushButton) if b.isVisible()]
    assert max(ends) <= header.width()
    for made in (page.filter_button, page.version_button):
        assert made.width() >= made.sizeHint().width()
    assert not page.fit_button.isVisible()
    (more,) = [b for b in header.findChildren(QPushButton) if b.accessibleName() == "More actions"]
    more.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert {"Fit", "Arrange"} <= {action.text() for action in menu.actions()}
    menu.close()
    assert "Fit" in [command.words for command in shell.commands()]
    shell.resize(1600, 900)
    settle(shell)
    assert page.fit_button.isVisible()
    assert not more.isVisible()


def test_a_title_has_its_room_before_what_stands_beside_it_but_not_the_whole_bar(qtbot: Any) -> None:
    header = Header("count_coins.py", least=150)
    qtbot.addWidget(header)
    wanted = header.title.sizeHint().width()
    for wide, least in ((1000, min(wanted, 150)), (480, min(wanted, 96))):
        header.resize(wide, 52)
        header.make_room()
        assert header.title.minimumWidth() == least
