"""The names, orders and defaults of the Supervisely SDK 6.74.51, which surface.json lists."""

import inspect
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clew.sdk import infos
from clew.sdk.api import Api
from clew.sdk.app import AppApi
from clew.sdk.dataset import DatasetApi
from clew.sdk.file import FileApi
from clew.sdk.meta import WorkflowMeta, WorkflowSettings
from clew.sdk.project import ProjectApi
from clew.sdk.task import TaskApi
from clew.sdk.version import VersionApi
from clew.sdk.workflow import WorkflowApi

SURFACE = json.loads((Path(__file__).parent / "surface.json").read_text("utf-8"))
CLASSES = {
    "api.app.workflow": WorkflowApi,
    "api.project.version": VersionApi,
    "api.project": ProjectApi,
    "api.file": FileApi,
    "api.dataset": DatasetApi,
    "api.task": TaskApi,
}
TUPLES = ("VersionInfo", "FileInfo", "ProjectInfo", "DatasetInfo", "LabelingJobInfo")


def calls() -> Iterator[tuple[str, Callable[..., Any], list[str]]]:
    yield "Api.from_env", Api.from_env, SURFACE["Api.from_env"]
    for place, owner in CLASSES.items():
        for name, wanted in SURFACE[place].items():
            yield f"{place}.{name}", getattr(owner, name), wanted


@pytest.mark.parametrize(("function", "wanted"), [pytest.param(f, w, id=n) for n, f, w in calls()])
def test_signatures_are_compatible(function: Callable[..., Any], wanted: list[str]) -> None:
    own = [p for name, p in inspect.signature(function).parameters.items() if name != "self"]
    positional = [p for p in own if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    assert [p.name for p in positional] == [w.partition("=")[0] for w in wanted]
    for parameter, text in zip(positional, wanted, strict=True):
        name, has_default, default = text.partition("=")
        assert (parameter.default is not inspect.Parameter.empty) == bool(has_default), name
        if has_default and name not in ("env_file", "fields"):  # our own file; a mutable default of theirs
            assert repr(parameter.default) == default, name


@pytest.mark.parametrize("name", TUPLES)
def test_info_tuples_have_their_fields_in_order(name: str) -> None:
    assert list(getattr(infos, name)._fields) == SURFACE[name]


def test_workflow_settings_and_meta() -> None:
    assert list(inspect.signature(WorkflowSettings).parameters) == SURFACE["WorkflowSettings"]
    assert list(inspect.signature(WorkflowMeta).parameters) == SURFACE["WorkflowMeta"]
    made = WorkflowMeta.create_as_dict(
        relation_settings=WorkflowSettings(title="Best weights", icon="zmdi-star", icon_color="#fff"),
        node_settings=WorkflowSettings(url="https://example.org/x"),
    )
    assert made == {
        "customRelationSettings": {"title": "Best weights", "icon": {"icon": "zmdi-star", "color": "#fff"}},
        "customNodeSettings": {
            "mainLink": {"url": "https://example.org/x", "title": "https://example.org/x"}
        },
    }
    with pytest.raises(ValueError, match="needs"):
        WorkflowMeta()


def test_app_output_calls_take_the_task_first() -> None:
    for function in (AppApi.set_output_text, AppApi.set_output_project):
        assert list(inspect.signature(function).parameters)[1] == "task_id"


def test_versions_of_both_numberings_are_judged(api: Api) -> None:
    assert api.instance_version == "0.1.0"
    for version, supported in (("6.9.22", True), ("6.74.51", True), ("6.75.0", False), ("7.0.0", False)):
        assert api.is_version_supported(version) is supported, version
    assert api.is_version_supported("0.1.0")
    assert not api.is_version_supported("0.2.0")
    assert api.app.workflow.check_instance_compatibility("6.9.31")
    assert api.app.workflow.check_instance_compatibility()
