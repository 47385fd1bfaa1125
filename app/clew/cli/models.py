"""`clew models` and `clew model …`."""

from pathlib import Path

import click

from clew.base.clock import friendly
from clew.base.words import count, size
from clew.cli.call import Call, verb
from clew.cli.facts import model_facts
from clew.cli.refs import model_of, version_of
from clew.cli.table import table
from clew.cli.waiting import waiting


@verb()
def models(call: Call) -> None:
    """List the models, newest first."""
    from clew.services.models import list_models

    with call.workspace() as ws:
        found = list_models(ws)
    facts = [
        {
            **model_facts(s.model),
            "trained_on": s.trained_on,
            "task": s.task_name,
            "report_id": s.report.id if s.report else None,
        }
        for s in found
    ]
    if not found:
        call.answer(facts, "No models yet. Train one with: clew run quick-trainer --input PROJECT")
        return
    rows = [
        (
            s.model.id,
            f"{s.model.name}@{s.model.number}",
            s.model.framework,
            len(s.model.classes),
            size(s.model.size),
            s.trained_on,
            s.report.metrics.get("map") if s.report else None,
            friendly(s.model.created_at),
        )
        for s in found
    ]
    headers = ("Id", "Model", "Framework", "Classes", "Size", "Trained on", "mAP", "Made")
    call.answer(facts, table(headers, rows))


@click.group()
def model() -> None:
    """One model: given by its id, its name (the newest), or NAME@NUMBER."""


@verb()
@click.argument("which", metavar="MODEL")
@click.option("-o", "--output", metavar="DIR|FILE.zip", required=True, type=click.Path(path_type=Path))
def download(call: Call, which: str, output: Path) -> None:
    """Write the files of a model into a new folder, or into a .zip archive."""
    from clew.services.models import download_model

    with call.workspace() as ws, waiting() as progress:
        found = model_of(ws, which)
        files = download_model(ws, found.id, output, progress=progress)
    target = output.expanduser().absolute()
    call.answer(
        {"model": model_facts(found), "path": str(target), "files": files},
        f"Wrote {count(files, 'file')} of {found.name}, version {found.number}, to {target}",
    )


@verb()
@click.argument("path", metavar="FILE|DIR", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What it is called; without it the name of the file.")
@click.option("--framework", default="", help="As PyTorch or ONNX; without it by the file's ending.")
@click.option("--class", "classes", metavar="CLASS", multiple=True, help="In the order of its outputs.")
@click.option("--trained-on", metavar="PROJECT@N", help="The version it learned from.")
def add(
    call: Call, path: Path, *, name: str, framework: str, classes: tuple[str, ...], trained_on: str | None
) -> None:
    """Keep a model that was trained elsewhere. Nothing of it is run; ends with 3 when it is here already."""
    from clew.services.weights import add_model

    with call.workspace() as ws, waiting() as progress:
        version = version_of(ws, trained_on)[1] if trained_on else None
        made = add_model(
            ws,
            path,
            name,
            framework=framework,
            classes=classes,
            version_id=version.id if version else None,
            progress=progress,
        )
    call.answer(model_facts(made), f"Added {made.name}, version {made.number}: {size(made.size)}")


for _verb in (add, download):
    model.add_command(_verb)
