"""Recording: every kind of input and output, and failures that never leave the door."""

from pathlib import Path

import pytest

from clew.sdk.api import Api
from clew.sdk.infos import ProjectInfo
from clew.sdk.meta import WorkflowMeta, WorkflowSettings


def kinds(api: Api) -> set[tuple[str, str]]:
    return {(a.partition(":")[0], b.partition(":")[0]) for a, b in api.workflow.graph().edges}


def test_a_project_is_recorded_as_the_version_that_was_read(api: Api, finds: ProjectInfo) -> None:
    version = api.project.version.get_id_by_number(finds.id, 1)
    for arguments in (
        {"project": finds},
        {"project": finds.id},
        {"project": finds.id, "version_num": 1},
        {"version_id": version},
    ):
        answer = api.app.workflow.add_input_project(**arguments)
        assert answer["recorded"], answer
        assert (answer["data_type"], answer["data_id"], answer["type"]) == ("version", version, "input")
    graph = api.workflow.graph()
    assert list(graph.predecessors(f"task:{api.task_id}")) == [f"version:{version}"]


def test_an_unsaved_project_becomes_an_intermediate_state(api: Api, finds: ProjectInfo) -> None:
    (api.project.folder(finds.id) / "note.txt").write_text("seen", "utf-8")
    answer = api.app.workflow.add_output_project(finds)
    assert answer["data_type"] == "state"
    again = api.app.workflow.add_output_project(finds)
    assert again["data_id"] == answer["data_id"]
    assert [v.version for v in api.project.version.get_list(finds.id)] == [1]


def test_files_folders_datasets_tasks_and_jobs(api: Api, finds: ProjectInfo, tmp_path: Path) -> None:
    record = api.app.workflow
    notes = tmp_path / "nötes.txt"
    notes.write_text("a", "utf-8")
    uploaded = api.file.upload(None, notes, "/texts/notes.txt")
    dataset = api.dataset.create(finds.id, "train")
    job = api.labeling_job.create("Check copper", finds.id, "Ada", dataset_id=dataset.id)
    with Api(api.workspace_path, task_id=None) as other:
        assert other.session is api.session  # one program, one session
    me = api.task.current().id
    answers = [
        record.add_input_file(str(notes)),
        record.add_input_file(uploaded),
        record.add_input_file(uploaded.id),
        record.add_output_file("/texts/notes.txt"),
        record.add_output_folder(str(tmp_path)),
        record.add_input_dataset(dataset),
        record.add_output_dataset(dataset.id),
        record.add_output_job(job.id),
        record.add_output_app(),
    ]
    assert [a.get("reason") for a in answers if not a["recorded"]] == []
    assert answers[1]["data_id"] == answers[2]["data_id"] == answers[3]["data_id"]
    assert {("file", "task"), ("task", "file"), ("dataset", "task"), ("task", "job")} <= kinds(api)
    assert api.task.get_info_by_id(me)["notes"] == []


def test_a_weight_file_is_one_model_whatever_it_is_called(api: Api, tmp_path: Path) -> None:
    best = tmp_path / "best.pt"
    best.write_bytes(bytes(range(256)) * 40)
    made = api.app.workflow.add_output_file(str(best), model_weight=True)
    assert made["data_type"] == "model"
    model = api.model.get_info_by_id(made["data_id"])
    assert (model.name, model.framework, model.files_count, model.task_id) == (
        "best",
        "PyTorch",
        1,
        api.task_id,
    )
    copy = tmp_path / "renamed.pt"
    copy.write_bytes(best.read_bytes())
    assert api.app.workflow.add_input_file(str(copy), model_weight=True)["data_id"] == model.id
    assert len(api.model.get_list()) == 1
    folder = api.model.download(model.id, tmp_path / "out")
    assert (folder / "best.pt").read_bytes() == best.read_bytes()
    assert best.read_bytes() == bytes(range(256)) * 40


def test_meta_is_kept_with_the_link(api: Api, finds: ProjectInfo) -> None:
    meta = WorkflowMeta(relation_settings=WorkflowSettings(title="Training data"))
    api.app.workflow.add_input_project(finds, meta=meta)
    hand_made = {"customNodeSettings": {"title": "Cleaned"}}
    api.app.workflow.add_output_project(finds, meta=hand_made)
    titles = {facts["title"] for _, _, facts in api.workflow.graph().edges(data=True)}
    assert {"Training data", "Cleaned"} <= titles


@pytest.mark.parametrize(
    ("call", "arguments", "words"),
    [
        ("add_input_project", {"project": 1, "version_num": 7}, "no version 7 of Coin finds"),
        ("add_input_project", {"project": 99}, "99"),
        ("add_input_project", {}, "Neither a project nor"),
        ("add_input_dataset", {"dataset": 99}, "no dataset"),
        ("add_input_file", {"file": "nowhere.txt"}, "nowhere.txt"),
        ("add_output_file", {"file": "nowhere.pt", "model_weight": True}, "nowhere.pt"),
        ("add_output_folder", {"path": "../../../../nowhere at all"}, "nowhere at all"),
        ("add_input_task", {"input_task_id": 99}, "no task"),
        ("add_output_job", {"id": 99}, "no labeling job"),
        ("add_input_dataset", {"dataset": object()}, "AttributeError"),
    ],
)
def test_what_cannot_be_recorded_is_told_and_noted(
    api: Api, finds: ProjectInfo, call: str, arguments: dict[str, object], words: str
) -> None:
    answer = getattr(api.app.workflow, call)(**arguments)
    assert answer["recorded"] is False
    assert words in answer["reason"]
    notes = api.task.get_info_by_id(api.task.current().id)["notes"]
    assert len(notes) == 1
    assert notes[0].startswith("1 link not recorded: ")
    assert words.lower() in notes[0].lower()


def test_a_note_reads_as_one_sentence(api: Api, finds: ProjectInfo) -> None:
    api.app.workflow.add_input_project(finds, version_num=7)
    note = api.task.get_info_by_id(api.task.current().id)["notes"][0]
    assert note.startswith("1 link not recorded: there is no version 7 of Coin finds")


def test_a_workspace_that_is_gone_does_not_break_the_program(tmp_path: Path) -> None:
    from clew.services.workspace import create_workspace

    path = tmp_path / "gone"
    create_workspace(path).close()
    api = Api(path)
    path.rename(tmp_path / "moved")
    answer = api.app.workflow.add_input_project(1)
    assert answer["recorded"] is False
    assert "gone" in answer["reason"]
    api.task.current().progress(1, 2)
    api.task.current().metric("loss", 1.0)
    api.task.current().message("still here")


def test_recording_can_be_switched_off(api: Api, finds: ProjectInfo) -> None:
    record = api.app.workflow
    assert record.is_enabled()
    record.disable()
    assert not record.add_input_project(finds)["recorded"]
    assert api.task_id is None
    record.enable()
    assert record.add_input_project(finds)["recorded"]


def test_another_task_can_be_named(api: Api, finds: ProjectInfo) -> None:
    from clew.services.tasks import create_task

    other = create_task(api.workspace, "Elsewhere", "process")
    assert api.app.workflow.add_input_project(finds, task_id=other.id)["task_id"] == other.id
    assert not api.app.workflow.add_input_project(finds, version_num=7, task_id=other.id)["recorded"]
    assert len(api.task.get_info_by_id(other.id)["notes"]) == 1
    assert api.task_id is None
    assert api.app.workflow.add_input_task(other.id)["recorded"]
    assert api.app.workflow.add_output_task(other.id, task_id=None)["recorded"]


def test_app_outputs_say_what_the_task_came_to(api: Api, finds: ProjectInfo) -> None:
    me = api.task.current().id
    assert api.app.set_output_text(me, "Cleaned", "3 labels changed")["recorded"]
    assert api.task.get_info_by_id(me)["message"] == "Cleaned: 3 labels changed"
    assert api.app.set_output_project(None, finds.id)["data_type"] == "version"
    assert api.task.get_info_by_id(me)["message"] == "Made Coin finds"
