"""Delete a version: what depends on it is shown first; the block stays, titled "deleted"."""

from typing import Any

from clew.gui.context import Context
from clew.gui.dialogs.dialog import Dialog
from clew.gui.inspector.ask import Ask
from clew.gui.widgets.basic import label, section
from clew.services.versions import delete_version, plan_delete


class DeleteDialog(Dialog):
    """Reads the plan, shows it, then does exactly that."""

    def __init__(self, context: Context, version_id: int) -> None:
        super().__init__(context.parent, context.ops, context.state, "Delete version", "Delete version")
        self._ws = context.ws
        self._plan: Any = None
        self._sentence = label("Looking at what depends on this version.", wrap=True)
        self.body.addWidget(self._sentence)
        self.primary.setEnabled(False)
        Ask(self, self.ops)(lambda: plan_delete(context.ws, version_id), self._show, self._failed)

    def accept(self) -> None:
        if self._plan is not None:
            number = self._plan.version.number
            self.work(
                f"Deleting version {number}",
                lambda _progress: delete_version(self._ws, self._plan),
                said=f"Deleted version {number}",
            )

    def _show(self, plan: Any) -> None:
        self._plan = plan
        self.heading.setText(f"Delete version {plan.version.number}")
        self._sentence.setText(
            "Its block stays in the workflow, titled “deleted”, so that history stays readable. "
            "You can undo this until space is reclaimed."
        )
        if plan.depends:
            self.body.addWidget(section("What depends on it"))
            for line in plan.depends[:8]:
                self.body.addWidget(label(line, wrap=True))
            if len(plan.depends) > 8:
                self.body.addWidget(label(f"and {len(plan.depends) - 8:,} more", tone="dim"))
        self.primary.setEnabled(True)

    def _failed(self, error: BaseException) -> None:
        self._sentence.hide()
        self.show_trouble(error, "Looking at what depends on it")
