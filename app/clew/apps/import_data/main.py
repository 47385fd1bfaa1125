"""Import: brings data into a project of the workspace."""

from pathlib import Path

from clew import Api
from clew.apps.ending import run_app
from clew.base.errors import UsageError
from clew.base.words import count, listing


def main() -> None:
    """Import as the task's parameters say, and record the project as output."""
    api = Api.from_env()
    run = api.task.current()
    source = str(run.params.get("source") or "").strip()
    if not source:
        raise UsageError("Import needs a source. Choose a folder or a COCO file.")
    path = Path(source).expanduser()
    name = str(run.params.get("project") or "").strip() or None  # None takes the source's name
    run.progress(0, 0, f"Importing {path.name}")
    result = api.project.import_data(
        str(path),
        name=name,
        format=str(run.params.get("format") or "auto"),
        on_broken=str(run.params.get("on_broken") or "refuse"),
        link=bool(run.params.get("link")),
        on_clash=str(run.params.get("on_clash") or "refuse"),
        progress_cb=run.progress,
    )
    api.app.workflow.add_output_project(result.project.id)
    text = f"{count(result.items, 'item')}, {count(result.objects, 'object')}"
    if result.skipped:
        names = listing([f"{broken.path} ({broken.reason})" for broken in result.skipped])
        text += f"; left out {count(len(result.skipped), 'broken file')}: {names}"
    run.message(text)


if __name__ == "__main__":
    run_app(main)
