"""How each action on a block starts: takes (context, ref), reads what it needs, returns at once."""

from pathlib import Path
from typing import Any

from clew.gui.context import Context, show_folder
from clew.gui.history import history, scope_in
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Scope


def project_of(context: Context, ref: BlockRef) -> int | None:
    """The project that a block belongs to (blocking; call it off the UI thread)."""
    from clew.services import versions
    from clew.services.details import details

    if ref.kind is BlockKind.PROJECT:
        return ref.id
    if ref.kind is BlockKind.VERSION:
        return versions.get_version(context.ws, ref.id).project_id
    return details(context.ws, ref).project_id


def show_in_graph(context: Context, ref: BlockRef) -> None:
    """The graph around a block: its project's, its task's, or the whole."""
    if ref.kind is BlockKind.TASK:
        context.state.open("workflow", scope=Scope("task", ref.id), select=ref)
        return

    def go(project_id: int | None) -> None:
        scope = Scope("project", project_id) if project_id else Scope()
        context.state.open("workflow", scope=scope, select=ref)

    context.read(lambda: project_of(context, ref), go)


def open_block(context: Context, ref: BlockRef) -> None:
    """The page of what a block stands for."""
    state = context.state
    pages = {BlockKind.TASK: "tasks", BlockKind.REPORT: "report"}
    lists = {BlockKind.MODEL: "models", BlockKind.FILE: "files", BlockKind.JOB: "jobs"}
    if ref.kind in pages:
        state.open(pages[ref.kind], id=ref.id)
    elif ref.kind in lists:
        state.open(lists[ref.kind], select=ref.id)
    else:
        tab = "data" if ref.kind in (BlockKind.DATASET, BlockKind.PROJECT) else "versions"
        context.read(
            lambda: project_of(context, ref),
            lambda project_id: state.open("project", id=project_id, tab=tab) if project_id else None,
        )


def new_version(context: Context, ref: BlockRef) -> None:
    from clew.gui.dialogs.new_version import NewVersionDialog

    NewVersionDialog(context, ref.id).open()


def promote(context: Context, ref: BlockRef) -> None:
    """Make a version of an intermediate state, when its content was kept."""
    from clew.services import versions

    context.read(
        lambda: versions.content_kept(context.ws, ref.id), lambda kept: _promote(context, ref, *kept)
    )


def _promote(context: Context, ref: BlockRef, label: str, kept: bool) -> None:
    from clew.gui.dialogs.fields import Field, FieldsDialog
    from clew.services import versions

    if not kept:
        context.state.say(f"The content of state {label} was not kept, so it cannot become a version.")
        return
    fields = (Field("title", "Title"), Field("description", "Description", "long"))

    def save(values: dict[str, str]) -> Any:
        return versions.promote_state(context.ws, ref.id, values["title"], values["description"])

    FieldsDialog(
        context,
        f"Save state {label} as version",
        fields,
        save,
        action="Save version",
        said=lambda version: f"Saved version {version.number}",
    ).open()


def import_into(context: Context, ref: BlockRef) -> None:
    from clew.gui.dialogs.import_data import ImportDialog
    from clew.services import projects

    context.read(
        lambda: projects.get_project(context.ws, ref.id),
        lambda project: ImportDialog(context, project=project.name).open(),
    )


def rename_project(context: Context, ref: BlockRef) -> None:
    """Change a project's name and description."""
    from clew.gui.dialogs.fields import Field, FieldsDialog
    from clew.services import projects

    def ask(project: Any) -> None:
        fields = (
            Field("name", "Name", value=project.name, required=True),
            Field("description", "Description", "long", value=project.description),
        )
        FieldsDialog(
            context,
            "Rename project",
            fields,
            lambda values: projects.edit_project(context.ws, ref.id, **values),
            action="Rename",
            said=lambda changed: f"Renamed to {changed.name}",
        ).open()

    context.read(lambda: projects.get_project(context.ws, ref.id), ask)


def remove_project(context: Context, ref: BlockRef) -> None:
    """Show what depends on a project, then remove it."""
    from clew.gui.dialogs.confirm import ConfirmDialog
    from clew.services import projects

    def ask(plan: Any) -> None:
        versions_lost = len(plan.versions) if hasattr(plan.versions, "__len__") else plan.versions
        folder = "Its folder is deleted." if plan.project.managed else "Its folder stays where it is."
        ConfirmDialog(
            context,
            f"Remove {plan.project.name}",
            f"The project and its versions ({versions_lost:,}) are removed from the workspace. {folder}",
            plan.depends,
            lambda: projects.remove_project(context.ws, plan),
            action="Remove project",
            said=f"Removed {plan.project.name}",
        ).open()

    context.read(lambda: projects.plan_remove(context.ws, ref.id), ask)


def open_folder(context: Context, ref: BlockRef) -> None:
    """The folder on disk: a project's, a task's run folder, or where a file lies."""
    from clew.services import files, projects, tasks

    def find() -> Path:
        if ref.kind is BlockKind.TASK:
            return tasks.task_folder(context.ws, ref.id)
        if ref.kind is BlockKind.FILE:
            found = next(f for f in files.list_files(context.ws) if f.id == ref.id)
            return Path(found.path) if found.is_dir else Path(found.path).parent
        return Path(projects.get_project(context.ws, ref.id).folder)

    context.read(find, lambda folder: show_folder(context, folder))


def restore(context: Context, ref: BlockRef) -> None:
    from clew.gui.dialogs.restore import RestoreDialog

    RestoreDialog(context, ref.id).open()


def undelete(context: Context, ref: BlockRef) -> None:
    from clew.services import versions

    context.do("Undoing delete", lambda: versions.undelete_version(context.ws, ref.id), "The version is back")


def download(context: Context, ref: BlockRef) -> None:
    from clew.gui.dialogs.download import DownloadDialog

    DownloadDialog(context, ref).open()


def delete(context: Context, ref: BlockRef) -> None:
    from clew.gui.dialogs.delete_version import DeleteDialog

    DeleteDialog(context, ref.id).open()


def edit_version(context: Context, ref: BlockRef) -> None:
    """Change a version's title and description."""
    from clew.gui.dialogs.fields import Field, FieldsDialog
    from clew.services import versions

    def ask(version: Any) -> None:
        fields = (
            Field("title", "Title", value=version.title),
            Field("description", "Description", "long", value=version.description),
        )
        FieldsDialog(
            context,
            f"Edit version {version.number}",
            fields,
            lambda values: versions.update_version(context.ws, ref.id, **values),
            said="Changed the title and description",
        ).open()

    context.read(lambda: versions.get_version(context.ws, ref.id), ask)


def describe_block(context: Context, ref: BlockRef) -> None:
    """Write a sentence about a block."""
    from clew.gui.dialogs.fields import Field, FieldsDialog
    from clew.services import arrange
    from clew.services.details import details

    def ask(found: Any) -> None:
        def said(edit: Any) -> str:
            history(context.ws, context.ops).keep(scope_in(context.state), edit)
            return "Saved the description"

        FieldsDialog(
            context,
            f"Describe {found.title}",
            (Field("text", "Description", "long", value=found.description),),
            lambda values: arrange.describe(context.ws, ref, values["text"]),
            said=said,
        ).open()

    context.read(lambda: details(context.ws, ref), ask)


def compare(context: Context, ref: BlockRef) -> None:
    """A version against the one before it; a model or report against others."""
    from clew.services import models, versions

    state = context.state
    if ref.kind is BlockKind.VERSION:
        context.read(lambda: versions.get_version(context.ws, ref.id), lambda v: _open_diff(context, v))
    elif ref.kind is BlockKind.REPORT:
        state.open("compare", ids=(ref.id,))
    else:
        context.read(
            lambda: next((s for s in models.list_models(context.ws) if s.model.id == ref.id), None),
            lambda found: _compare_model(context, found),
        )


def _open_diff(context: Context, version: Any) -> None:
    if version.number > 1:
        context.state.open("diff", project=version.project_id, old=version.number - 1, new=version.number)
    else:
        context.state.open("diff", project=version.project_id, old=version.number, new=None)


def _compare_model(context: Context, found: Any) -> None:
    if found is None or found.report is None:
        context.state.say("This model has no report yet. Evaluate it first.")
    else:
        context.state.open("compare", ids=(found.report.id,))


def run_app(context: Context, ref: BlockRef) -> None:
    from clew.gui.dialogs.run_app import RunDialog

    RunDialog(context, given=ref).open()


def evaluate(context: Context, ref: BlockRef) -> None:
    from clew.gui.dialogs.run_app import RunDialog

    RunDialog(context, given=ref, kind="evaluate").open()


def run_again(context: Context, ref: BlockRef) -> None:
    """The same app with the same inputs and parameters, shown first."""
    from clew.gui.dialogs.run_app import RunDialog
    from clew.services import tasks

    def read() -> tuple[Any, tuple[BlockRef, ...]]:
        return tasks.get_task(context.ws, ref.id), tasks.task_inputs(context.ws, ref.id)

    def ask(found: tuple[Any, tuple[BlockRef, ...]]) -> None:
        task, inputs = found
        RunDialog(context, slug=task.app, inputs=inputs, params=task.params).open()

    context.read(read, ask)


def cancel_task(context: Context, ref: BlockRef) -> None:
    from clew.runner.cancel import cancel

    context.do("Cancelling task", lambda: cancel(context.ws, ref.id), "Cancelled the task")


def update_job(context: Context, ref: BlockRef) -> None:
    """How far a labeling job is."""
    from clew.gui.dialogs.fields import Field, FieldsDialog
    from clew.services import jobs

    def ask(job: Any) -> None:
        fields = (
            Field("status", "Status", "choice", value=job.status, choices=("open", "in progress", "done")),
            Field(
                "items_done", "Pictures done", "int", value=job.items_done, maximum=job.items_total or None
            ),
        )
        FieldsDialog(
            context,
            f"Progress of {job.name}",
            fields,
            lambda values: jobs.update_job(context.ws, ref.id, **values),
            said="Saved the progress",
        ).open()

    context.read(lambda: next(j for j in jobs.list_jobs(context.ws) if j.id == ref.id), ask)


def open_report(context: Context, report_id: int) -> None:
    """The page of a report, when it is still there."""
    from clew.services import reports

    context.read(
        lambda: reports.get_report(context.ws, report_id),
        lambda report: context.state.open("report", id=report.id),
    )
