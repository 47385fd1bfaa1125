"""An import that a person does, noted as a task, so that the graph shows where the data came from."""

from clew.base.clock import now_us
from clew.base.progress import Progress
from clew.base.words import count
from clew.model.entities import TaskStatus
from clew.services.imports import ImportPlan, ImportResult, apply_import
from clew.services.tasks import create_task, finish_task
from clew.services.workflow import record_output
from clew.services.workspace import Workspace


def import_as_task(
    ws: Workspace,
    plan: ImportPlan,
    *,
    skip_broken: bool = False,
    link: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Do a planned import as `apply_import` does, and keep a task for it; a refused import leaves none.

    Raises:
        UserError: broken or clashing files that were not allowed for.
    """
    started = now_us()
    result = apply_import(ws, plan, skip_broken=skip_broken, link=link, replace=replace, progress=progress)
    params = {"source": str(plan.source), "format": plan.format, "link": link}
    task = create_task(ws, "Import", "import", params=params, status=TaskStatus.RUNNING, started_at=started)
    record_output(ws, task.id, result.state)
    words = count(result.items, "item")
    if result.objects:
        words += f", {count(result.objects, 'object')}"
    if result.skipped:
        words += f"; {count(len(result.skipped), 'broken file')} left out"
    finish_task(ws, task.id, TaskStatus.DONE, message=words)
    return result
