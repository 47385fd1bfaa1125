"""Reclaim space: what would go and how much comes back is shown first; then exactly that is done."""

from typing import Any

from clew.base.words import count, listing, size
from clew.gui.context import Context
from clew.gui.dialogs.dialog import Dialog
from clew.gui.inspector.ask import Ask
from clew.gui.widgets.basic import label, section
from clew.services.maintenance import apply_gc, plan_gc

MOST = 8  # lines of deleted versions


class ReclaimDialog(Dialog):
    """Reads the plan, shows it, then does exactly that."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.parent, context.ops, context.state, "Reclaim space", "Reclaim")
        self._ws = context.ws
        self._plan: Any = None
        self._sentence = label("Looking for what nobody needs any more.", wrap=True)
        self.body.addWidget(self._sentence)
        self.primary.setEnabled(False)
        Ask(self, self.ops)(lambda: plan_gc(context.ws), self._show, self._failed)

    def accept(self) -> None:
        if self._plan is not None:
            self.work(
                "Reclaiming space",
                lambda progress: apply_gc(self._ws, self._plan, progress=progress),
                said=lambda done: f"Reclaimed {size(done.free)}",
            )

    def _show(self, plan: Any) -> None:
        later = (
            f" {size(plan.waiting)} more can be reclaimed once older than an hour." if plan.waiting else ""
        )
        if plan.nothing:
            self._sentence.setText(f"There is nothing to reclaim.{later}")
            return
        self._plan = plan
        self._sentence.setText(
            f"{size(plan.free)} can be given back. Saved versions, models and reports stay.{later}"
        )
        if plan.versions:
            self.body.addWidget(section("Deleted versions that cannot be brought back after"))
            for one in plan.versions[:MOST]:
                self.body.addWidget(label(f"{one.project}, version {one.version.number}", wrap=True))
            if len(plan.versions) > MOST:
                self.body.addWidget(label(f"and {len(plan.versions) - MOST:,} more", tone="dim"))
        if plan.states:
            self.body.addWidget(section("Intermediate states whose content is kept no longer"))
            labels = listing([state.label for state in plan.states])
            self.body.addWidget(label(f"{count(len(plan.states), 'state')}: {labels}", wrap=True))
        self.primary.setEnabled(True)

    def _failed(self, error: BaseException) -> None:
        self._sentence.hide()
        self.show_trouble(error, "Looking at what can be reclaimed")
