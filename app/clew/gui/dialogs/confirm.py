"""Asks before something goes away: what goes, what depends on it, and the one button that does it."""

from collections.abc import Callable
from typing import Any

from clew.gui.context import Context
from clew.gui.dialogs.dialog import Dialog
from clew.gui.widgets.basic import label, section


class ConfirmDialog(Dialog):
    """The plan in words; the button says what happens."""

    def __init__(
        self,
        context: Context,
        title: str,
        sentence: str,
        depends: tuple[str, ...],
        apply: Callable[[], Any],
        *,
        action: str,
        said: Callable[[Any], str] | str = "",
    ) -> None:
        super().__init__(context.parent, context.ops, context.state, title, action)
        self._apply, self._said, self._doing = apply, said, action
        self.body.addWidget(label(sentence, wrap=True))
        if depends:
            self.body.addWidget(section("What depends on it"))
            for line in depends[:8]:
                self.body.addWidget(label(line, wrap=True))
            if len(depends) > 8:
                self.body.addWidget(label(f"and {len(depends) - 8:,} more", tone="dim"))

    def accept(self) -> None:
        self.work(self._doing, lambda _progress: self._apply(), said=self._said)
