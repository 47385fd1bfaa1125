"""Reports: what evaluations came to."""

from pathlib import Path
from typing import TYPE_CHECKING

from clew.base.errors import explain_os_error
from clew.model.refs import BlockKind, BlockRef
from clew.sdk.convert import report_info
from clew.sdk.infos import ReportInfo

if TYPE_CHECKING:
    from clew.sdk.api import Api


class ReportApi:
    """`api.report`."""

    def __init__(self, api: "Api") -> None:
        self._api = api

    def create(
        self,
        version_id: int,
        split: str,
        predictions: str | Path,
        model_id: int | None = None,
        name: str | None = None,
    ) -> ReportInfo:
        """Evaluate predictions on a version, and keep the result as an output of this task.

        Args:
            version_id: whose annotations are the truth.
            split: a dataset of it by its path, or "all".
            predictions: a JSON file in the COCO results format; a picture is named by its path in the
                project or by the id it was imported with.
            model_id: the model that made them.
            name: of the report.

        Raises:
            UserError: the file cannot be read, or names pictures or classes that are not there.
        """
        from clew.services.reports import evaluate_predictions

        try:
            data = Path(predictions).read_bytes()
        except OSError as error:
            raise explain_os_error(error, "reading the predictions") from error
        report = evaluate_predictions(
            self._api.workspace,
            version_id,
            split,
            data,
            model_id=model_id,
            task_id=self._api.session.task(),
            name=name,
        )
        self._api.session.read(BlockRef(BlockKind.VERSION, version_id))
        if model_id is not None:
            self._api.session.read(BlockRef(BlockKind.MODEL, model_id))
        return report_info(report)

    def get_info_by_id(self, id: int) -> ReportInfo:
        """One report.

        Raises:
            UserError: there is none.
        """
        from clew.services.reports import get_report

        return report_info(get_report(self._api.workspace, id))

    def get_list(self) -> list[ReportInfo]:
        """All reports."""
        from clew.services.reports import list_reports

        return [report_info(summary.report) for summary in list_reports(self._api.workspace)]
