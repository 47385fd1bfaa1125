"""The entities as JSON: stable keys, moments in ISO 8601, sizes in bytes."""

from typing import TYPE_CHECKING, Any

from clew.base.clock import to_iso

if TYPE_CHECKING:
    from clew.model.changes import CountChange, VersionDiff
    from clew.model.entities import Model, Project, Report, Task, Version

Facts = dict[str, Any]


def moment(at: int | None) -> str | None:
    return None if at is None else to_iso(at)


def project_facts(project: "Project") -> Facts:
    return {
        "id": project.id,
        "name": project.name,
        "description": project.description,
        "folder": project.folder,
        "managed": project.managed,
        "format": project.format,
        "created_at": moment(project.created_at),
        "updated_at": moment(project.updated_at),
    }


def version_facts(version: "Version") -> Facts:
    return {
        "id": version.id,
        "project_id": version.project_id,
        "number": version.number,
        "title": version.title,
        "description": version.description,
        "status": version.status.value,
        "files": version.files,
        "size": version.size,
        "added": version.added,
        "tree": version.tree,
        "task_id": version.task_id,
        "created_at": moment(version.created_at),
        "deleted_at": moment(version.deleted_at),
    }


def task_facts(task: "Task") -> Facts:
    return {
        "id": task.id,
        "app": task.app,
        "name": task.name,
        "kind": task.kind,
        "status": task.status.value,
        "message": task.message,
        "notes": list(task.notes),
        "progress": task.progress,
        "progress_text": task.progress_text,
        "params": task.params,
        "inputs": task.inputs,
        "metrics": task.metrics,
        "code": task.code,
        "environment": task.environment,
        "exit_code": task.exit_code,
        "parent_id": task.parent_id,
        "created_at": moment(task.created_at),
        "started_at": moment(task.started_at),
        "finished_at": moment(task.finished_at),
        "seconds": task.seconds,
    }


def model_facts(model: "Model") -> Facts:
    return {
        "id": model.id,
        "name": model.name,
        "number": model.number,
        "framework": model.framework,
        "classes": list(model.classes),
        "files": model.files,
        "size": model.size,
        "task_id": model.task_id,
        "version_id": model.version_id,
        "created_at": moment(model.created_at),
        "info": model.info,
    }


def report_facts(report: "Report") -> Facts:
    return {
        "id": report.id,
        "name": report.name,
        "model_id": report.model_id,
        "version_id": report.version_id,
        "task_id": report.task_id,
        "split": report.split,
        "metrics": report.metrics,
        "created_at": moment(report.created_at),
    }


def diff_facts(diff: "VersionDiff") -> Facts:
    def pair(counts: "CountChange") -> Facts:
        return {"old": counts.old, "new": counts.new}

    return {
        "project_id": diff.project_id,
        "old": diff.old_label,
        "new": diff.new_label,
        "items_count": pair(diff.items_count),
        "objects_count": pair(diff.objects_count),
        "classes": {name: pair(counts) for name, counts in diff.classes.items()},
        "labels_changed": diff.labels_changed,
        "boxes_moved": diff.boxes_moved,
        "items": [
            {"path": i.path, "change": i.change.value, "what": i.what, "old_path": i.old_path}
            for i in diff.items
        ],
        "files": [{"path": f.path, "change": f.change.value, "old_path": f.old_path} for f in diff.files],
    }
