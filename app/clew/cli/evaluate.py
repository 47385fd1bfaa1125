"""`clew evaluate`: predictions on a version become a report."""

from pathlib import Path

import click

from clew.base.errors import explain_os_error
from clew.cli.call import Call, verb
from clew.cli.facts import report_facts
from clew.cli.refs import model_of, version_of
from clew.cli.table import table
from clew.cli.waiting import waiting


@verb()
@click.argument("which", metavar="PROJECT[@N]")
@click.option("--predictions", required=True, type=click.Path(path_type=Path), help="A file in COCO form.")
@click.option("--split", default="auto", show_default=True, help="A dataset, all, or auto.")
@click.option("--model", metavar="MODEL", help="The model that made them.")
@click.option("--name", help="Of the report.")
@click.option("--task", "kind", type=click.Choice(["detection"]), default="detection", show_default=True)
def evaluate(
    call: Call,
    which: str,
    *,
    predictions: Path,
    split: str,
    model: str | None,
    name: str | None,
    kind: str,
) -> None:
    """Evaluate predictions on PROJECT@N, or on the latest version of PROJECT."""
    from clew.model.evaluation import METRICS
    from clew.services.reports import evaluate_predictions

    try:
        data = predictions.expanduser().read_bytes()
    except OSError as error:
        raise explain_os_error(error, "reading the predictions") from error
    with call.workspace() as ws, waiting() as progress:
        project, version = version_of(ws, which)
        model_id = model_of(ws, model).id if model else None
        report = evaluate_predictions(
            ws, version.id, split, data, model_id=model_id, name=name, progress=progress
        )
    label = f"{project.name}, version {version.number}, {report.split}"
    rows = [(text, report.metrics.get(key)) for key, text, _ in METRICS if key in report.metrics]
    facts = {**report_facts(report), "task": kind, "data": label}
    call.answer(facts, f"Report {report.id}, {report.name}, on {label}\n\n{table(('Metric', 'Value'), rows)}")
