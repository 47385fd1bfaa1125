"""Reports side by side, with what was different in how they came about."""

from clew.base.errors import UserError
from clew.base.words import count, duration, setting, signed, titled
from clew.metrics.compare import compare as compare_evaluations
from clew.model.entities import Model, Report, Task, Version
from clew.model.evaluation import Compared, Comparison, DifferenceRow
from clew.services.models import get_model
from clew.services.projects import get_project
from clew.services.reports import evaluation, get_report
from clew.services.statistics import statistics_of
from clew.services.tasks import get_task
from clew.services.versions import get_version
from clew.services.workspace import Workspace

MOST = 8


def compare(ws: Workspace, report_ids: tuple[int, ...], *, baseline: int = 0) -> Comparison:
    """Lay reports side by side.

    Args:
        report_ids: one to eight reports, in the order of the columns.
        baseline: index of the report that the others are measured against.

    Raises:
        UserError: no report, too many, or one that is not there.
    """
    ids = tuple(dict.fromkeys(report_ids))
    if not ids:
        raise UserError("Choose at least one report to compare.")
    if len(ids) > MOST:
        raise UserError(f"At most {MOST} reports fit side by side; {len(ids)} were chosen.")
    reports = [get_report(ws, report_id) for report_id in ids]
    baseline = baseline if 0 <= baseline < len(reports) else 0
    made = [_Making(ws, report) for report in reports]
    places = [m.evaluated_on for m in made]
    same = len(set(places)) == 1
    warnings = []
    if not same and len({m.test_key for m in made}) == 1:
        same = True  # the same pictures and labels, under other version numbers
        place = f"{made[0].project}, {made[0].report.split}, the same in {count(len(set(places)), 'version')}"
    else:
        place = places[0] if same else "different data"
    if not same:
        warnings.append(
            "These reports were computed on different data, so their numbers cannot be compared directly."
        )
    return compare_evaluations(
        tuple(
            Compared(m.report.id, label, evaluation(ws, m.report.id))
            for m, label in zip(made, _labels(made), strict=True)
        ),
        baseline=baseline,
        differences=_differences(ws, made, baseline),
        evaluated_on=place,
        warnings=tuple(warnings),
    )


class _Making:
    """How one report came about: model, training, data."""

    def __init__(self, ws: Workspace, report: Report) -> None:
        self.report = report
        self.tested: Version = get_version(ws, report.version_id)
        self.project = get_project(ws, self.tested.project_id).name
        self.model: Model | None = get_model(ws, report.model_id) if report.model_id else None
        training = self.model.task_id if self.model else None
        self.training: Task | None = get_task(ws, training) if training else None
        trained = self.model.version_id if self.model else None
        self.trained: Version | None = get_version(ws, trained) if trained else None
        self.evaluated_on = f"{self.project}, version {self.tested.number}, {report.split}"
        self.test_key = _test_key(ws, self.tested, report.split)

    @property
    def name(self) -> str:
        if self.model is None:
            return self.report.name
        return f"{self.model.name}, v{self.model.number}"


def _labels(made: list[_Making]) -> list[str]:
    """Names of the columns; a number is added where two would be alike."""
    names = [m.name for m in made]
    return [
        f"{n} (report {m.report.id})" if names.count(n) > 1 else n for n, m in zip(names, made, strict=True)
    ]


def _test_key(ws: Workspace, version: Version, split: str) -> tuple[tuple[str, str], ...]:
    """The content that a split stands for, so that an unchanged test set is known as the same one."""
    if split in ("all", "held out"):
        return (("tree", version.tree),)
    return tuple((e.path, e.id) for e in ws.store.entries(version.tree, split))


def _differences(ws: Workspace, made: list[_Making], baseline: int) -> tuple[DifferenceRow, ...]:
    rows = [
        DifferenceRow("Training data", tuple(_training_data(ws, m, made[baseline]) for m in made)),
        DifferenceRow("Evaluated on", tuple(m.evaluated_on for m in made)),
        DifferenceRow("App", tuple(m.training.name if m.training else "–" for m in made)),
    ]
    names = list(dict.fromkeys(name for m in made if m.training for name in m.training.params))
    for name in names:
        values = tuple(setting(m.training.params.get(name)) if m.training else "–" for m in made)
        rows.append(DifferenceRow(titled(name), values))
    rows += [
        DifferenceRow("App version", tuple(_fact(m, "code", "app_version") for m in made)),
        DifferenceRow("Code", tuple(_fact(m, "code", "commit") for m in made)),
        DifferenceRow("Ran on", tuple(_fact(m, "environment", "machine") for m in made)),
        DifferenceRow("Python", tuple(_fact(m, "environment", "python") for m in made)),
        DifferenceRow("Training took", tuple(_took(m) for m in made)),
    ]
    return tuple(row for row in rows if any(value not in ("", "–") for value in row.values))


def _training_data(ws: Workspace, making: _Making, base: _Making) -> str:
    version = making.trained
    if version is None:
        return "–"
    project = get_project(ws, version.project_id)
    words = f"{project.name}, version {version.number}"
    if base.trained is None or base.trained.id == version.id:
        return words
    now, before = (
        statistics_of(ws, version.tree, project),
        statistics_of(ws, base.trained.tree, get_project(ws, base.trained.project_id)),
    )
    if now.items != before.items:
        words += f" ({signed(now.items - before.items)} pictures)"
    return words


def _fact(making: _Making, field: str, key: str) -> str:
    if making.training is None:
        return "–"
    value = getattr(making.training, field).get(key)
    return str(value) if value else "–"


def _took(making: _Making) -> str:
    seconds = making.training.seconds if making.training else None
    return duration(seconds) if seconds is not None else "–"
