"""`clew reports`."""

from clew.base.clock import friendly
from clew.cli.call import Call, verb
from clew.cli.facts import report_facts
from clew.cli.table import table


@verb()
def reports(call: Call) -> None:
    """List the reports, newest first."""
    from clew.services.reports import list_reports

    with call.workspace() as ws:
        found = list_reports(ws)
    facts = [{**report_facts(s.report), "model": s.model_label, "data": s.data_label} for s in found]
    if not found:
        call.answer(
            facts, "No reports yet. Make one with: clew evaluate PROJECT --predictions FILE, or train a model"
        )
        return
    rows = [
        (
            s.report.id,
            s.report.name,
            s.data_label,
            *(s.report.metrics.get(key) for key in ("map", "ap50", "f1")),
            friendly(s.report.created_at),
        )
        for s in found
    ]
    call.answer(facts, table(("Id", "Name", "Evaluated on", "mAP", "AP50", "F1", "Made"), rows))
