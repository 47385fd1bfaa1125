"""Start an app: its inputs, then its parameters as `app.toml` describes them."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clew.base.errors import UserError
from clew.gui.context import Context
from clew.gui.dialogs.dialog import Dialog
from clew.gui.dialogs.fields import FieldRow, field_of
from clew.gui.errors import trouble
from clew.gui.inspector.ask import Ask
from clew.gui.widgets.basic import clear, label, scrolled
from clew.gui.widgets.dropdown import Dropdown
from clew.model.entities import App, AppInput, AppKind, VersionStatus
from clew.model.refs import BlockKind, BlockRef
from clew.runner.launch import launch
from clew.services.apps import check_params, list_apps
from clew.services.files import list_files
from clew.services.models import list_models
from clew.services.projects import list_projects
from clew.services.trust import trust, untrusted_program
from clew.services.versions import list_versions
from clew.services.workspace import Workspace

Choice = tuple[str, BlockRef]
QUESTION = (
    "This model was not made by a task of yours. Evaluating it runs the program that it brings, which can do "
    "whatever you can do on this computer: {program}. Run it only if you know who made the model."
)


@dataclass(frozen=True)
class _Offer:
    """What there is to choose from: apps, and blocks by the kind of input."""

    apps: tuple[App, ...]
    blocks: dict[str, tuple[Choice, ...]]


def takes(app: App, ref: BlockRef) -> bool:
    """Whether an app can take a block as one of its inputs."""
    return any(ref.kind in _KINDS.get(wanted.kind, ()) for wanted in app.inputs)


_KINDS: dict[str, tuple[BlockKind, ...]] = {
    "project": (BlockKind.PROJECT, BlockKind.VERSION, BlockKind.STATE),
    "model": (BlockKind.MODEL,),
    "file": (BlockKind.FILE,),
}


class RunDialog(Dialog):
    """`slug` fixes the app; otherwise the apps that take `given` are offered, those of `kind` first."""

    def __init__(
        self,
        context: Context,
        slug: str | None = None,
        *,
        given: BlockRef | None = None,
        kind: str = "",
        inputs: tuple[BlockRef, ...] = (),
        params: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(context.parent, context.ops, context.state, "Run app", "Run", width=500)
        self._ws, self._slug, self._kind = context.ws, slug, kind
        self._given = (given, *inputs) if given else inputs
        self._params = params or {}
        self._app: App | None = None
        self._asked: BlockRef | None = None  # a model whose program is to be trusted first
        self._trusted: BlockRef | None = None  # the next press says yes to it
        self._offer = _Offer((), {})
        self.app_box = Dropdown()
        self.app_box.setAccessibleName("App")
        self.app_box.activated.connect(lambda _index: self._show_app(self.app_box.currentData()))
        self._app_label = label("App", 12, 500, "dim")
        self._about = label("", tone="dim", wrap=True)
        self._form = QWidget()
        self._lines = QVBoxLayout(self._form)
        self._lines.setContentsMargins(0, 0, 6, 0)
        self._lines.setSpacing(8)
        self.boxes: dict[str, Dropdown] = {}
        self.rows: list[FieldRow] = []
        area = scrolled(self._form, "Inputs and parameters")
        self._area = area
        for widget in (self._app_label, self.app_box, self._about):
            self.body.addWidget(widget)
        self.body.addWidget(area, 1)
        self.primary.setEnabled(False)
        Ask(self, self.ops)(lambda: _read(self._ws), self._fill, self._failed)

    def accept(self) -> None:
        app = self._app
        checks = [row.check() for row in self.rows]  # every row shows what is wrong with it
        if app is None or not all(checks):
            return
        missing = [w.label or w.name for w in app.inputs if w.required and self._chosen(w) is None]
        if missing:
            self.show_problem(f"Choose {missing[0].lower()} first.")
            return
        values = {row.field.name: row.value() for row in self.rows if row.value() is not None}
        inputs = {w.name: ref for w in app.inputs if (ref := self._chosen(w)) is not None}
        trusted, model = self._trusted, inputs.get("model")

        def start(_progress: Any) -> Any:
            if model is not None and app.kind is AppKind.EVALUATE and (program := untrusted(self._ws, model)):
                if model != trusted:
                    self._asked = model
                    raise UserError(QUESTION.format(program=program[:200]))
                trust(self._ws, model.id)
            return launch(self._ws, app.slug, inputs, check_params(app, values))

        self._asked = None
        self.work(f"Starting {app.name}", start, said=f"Started {app.name}")

    def show_problem(self, sentence: str) -> None:
        """Also turns the button into the answer when the problem is a question."""
        super().show_problem(sentence)
        self._trusted = self._asked if sentence else None
        self.primary.setText("Trust it and run" if self._trusted else "Run")

    def _fill(self, offer: _Offer) -> None:
        self._offer = offer
        first = self._given[0] if self._given else None
        fitting = [
            app
            for app in offer.apps
            if (self._slug in (None, app.slug)) and (self._slug or first is None or takes(app, first))
        ]
        fitting.sort(key=lambda app: app.kind.value != self._kind)
        for app in fitting:
            self.app_box.addItem(app.name, app)
        several = len(fitting) > 1
        self.app_box.setVisible(several)
        self._app_label.setVisible(several)
        if not fitting:
            self.show_problem("No app here takes this block. Add an app of your own on the page All apps.")
            return
        self._show_app(fitting[0])

    def _show_app(self, app: App) -> None:
        self._app = app
        self.heading.setText(f"Run {app.name}")
        self._about.setText(app.description)
        clear(self._lines)
        self.boxes.clear()
        self.rows.clear()
        for wanted in app.inputs:
            self._add_input(wanted)
        for parameter in app.parameters:
            row = FieldRow(field_of(parameter, self._params.get(parameter.name)))
            self.rows.append(row)
            self._lines.addWidget(row)
        if app.kind is AppKind.TRAIN:
            self._lines.addWidget(
                label(
                    "A version of the data is saved before it starts, if anything changed.",
                    11,
                    tone="dim",
                    wrap=True,
                )
            )
        self._lines.addStretch(1)
        self.primary.setEnabled(True)
        QTimer.singleShot(0, self, self._size_form)

    def _size_form(self) -> None:
        """As tall as the form, up to what a small screen has room for."""
        tall = self._lines.totalHeightForWidth(max(200, self._area.width() - 16))
        self._area.setFixedHeight(max(80, min(470, tall + 4)))

    def _add_input(self, wanted: AppInput) -> None:
        box = Dropdown()
        box.setAccessibleName(wanted.label or wanted.name)
        choices = self._offer.blocks.get(wanted.kind, ())
        if not wanted.required or not choices:
            box.addItem("None" if choices else f"There is no {wanted.kind} yet", None)
        for text, ref in choices:
            box.addItem(text, ref)
        for place in range(box.count()):
            if box.itemData(place) in self._given:
                box.setCurrentIndex(place)
        box.activated.connect(lambda _index: self.show_problem(""))
        box.setSizeAdjustPolicy(Dropdown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.boxes[wanted.name] = box
        name = label(wanted.label or wanted.name.capitalize(), 12, 500, "dim")
        name.setBuddy(box)
        self._lines.addWidget(name)
        self._lines.addWidget(box)

    def _chosen(self, wanted: AppInput) -> BlockRef | None:
        found: BlockRef | None = self.boxes[wanted.name].currentData()
        return found

    def _failed(self, error: BaseException) -> None:
        found = trouble(error, "Reading the apps")
        self.show_problem(found.sentence if found else "")


def untrusted(ws: Workspace, model: BlockRef) -> str:
    return untrusted_program(ws, model.id) if model.kind is BlockKind.MODEL else ""


def _read(ws: Workspace) -> _Offer:
    """Apps and what they can take (blocking)."""
    data: list[Choice] = []
    for summary in list_projects(ws):
        project = summary.project
        data.append((f"{project.name}, as it is now", BlockRef(BlockKind.PROJECT, project.id)))
        for entry in list_versions(ws, project.id, deleted=False):
            version = entry.version
            if version.status is VersionStatus.SAVED:
                title = f", {version.title}" if version.title else ""
                data.append((f"{project.name}, version {version.number}{title}", version.ref))
    models = tuple((f"{s.model.name}, version {s.model.number}", s.model.ref) for s in list_models(ws))
    files = tuple((f.name, BlockRef(BlockKind.FILE, f.id)) for f in list_files(ws))
    return _Offer(list_apps(ws), {"project": tuple(data), "model": models, "file": files})
