import errno
import json

import pytest

from clew.apps import predictions
from clew.apps.ending import run_app
from clew.apps.evaluate.main import fetch_pictures, fits, headline, run_model, split_of, stamp
from clew.base.errors import Cancelled, NothingToDo, UserError
from clew.model.annotations import Annotation, Item, Thing

ITEMS = [Item("train/a.png", Annotation(8, 6)), Item("test/b.png", Annotation(8, 6))]


def model_with(folder, command):
    folder.mkdir(exist_ok=True)
    (folder / "model.json").write_text(json.dumps({"predict": command}))
    return folder


def test_a_model_that_does_not_say_how_it_is_run(tmp_path):
    with pytest.raises(UserError, match="does not say how it is run"):
        run_model(tmp_path, tmp_path, tmp_path / "out.json")
    (tmp_path / "model.json").write_text("[]")
    with pytest.raises(UserError, match="does not say how it is run"):
        run_model(tmp_path, tmp_path, tmp_path / "out.json")


def test_a_program_that_is_not_there_or_fails(tmp_path):
    with pytest.raises(UserError, match="no-such-program cannot be started"):
        run_model(model_with(tmp_path / "m", ["no-such-program"]), tmp_path, tmp_path / "out.json")
    for code in ("raise SystemExit(3)", "pass"):  # the second one ends well but writes nothing
        with pytest.raises(UserError, match="program failed"):
            run_model(model_with(tmp_path / "m", ["{python}", "-c", code]), tmp_path, tmp_path / "out.json")


def test_a_models_own_program_gets_its_places(tmp_path):
    code = "import sys, pathlib; pathlib.Path(sys.argv[3]).write_text('|'.join(sys.argv[1:3]))"
    model = model_with(tmp_path / "m ü", ["{python}", "-c", code, "{model}", "{pictures}", "{output}"])
    run_model(model, tmp_path / "p q", tmp_path / "out.json")
    assert (tmp_path / "out.json").read_text() == f"{model}|{tmp_path / 'p q'}"


def test_stamp_lists_all_pictures_of_the_split(tmp_path):
    path = tmp_path / "p.json"
    thing = Thing("gold", (1, 2, 3, 4), score=0.5)
    predictions.write(
        path, predictions.document([predictions.Predicted("train/a.png", 8, 6, (thing,))], ["gold"])
    )
    stamp(path, ITEMS, version_id=3, split="all")
    document = json.loads(path.read_text())
    assert [image["file_name"] for image in document["images"]] == ["train/a.png", "test/b.png"]
    assert [image["id"] for image in document["images"]] == [1, 2]
    assert fits(path, "all", 3) and not fits(path, "test", 3) and not fits(path, "all", 4)
    path.write_text("no json")
    with pytest.raises(UserError, match="COCO form"):
        stamp(path, ITEMS)


def test_auto_takes_what_the_model_was_tested_on(tmp_path):
    path = tmp_path / "p.json"
    predictions.write(path, predictions.document([], ["gold"], version_id=3, split="train"))
    assert split_of(ITEMS, "auto", path, 3) == "train"
    assert split_of(ITEMS, "auto", path, 4) == "test"
    assert split_of(ITEMS, "all", path, 3) == "all"
    assert split_of(ITEMS, "auto", tmp_path / "none.json", 3) == "test"


def test_pictures_are_laid_out_under_their_paths(tmp_path):
    told = []
    fetch_pictures(str.encode, ITEMS, tmp_path / "new", lambda *seen: told.append(seen))
    assert (tmp_path / "new/test/b.png").read_bytes() == b"test/b.png"
    assert [one[:2] for one in told] == [(1, 2), (2, 2)]


def test_headline_of_nothing():
    assert headline({"map": None}) == "mAP is undefined, there are no objects"
    assert headline({"map": 0.8091}) == "mAP 0.809"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (UserError("Choose a folder."), 1, "Choose a folder.\n"),
        (NothingToDo("No changes."), 3, "No changes.\n"),
        (Cancelled(), 130, ""),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "The disk is full"),
    ],
)
def test_an_app_ends_with_a_sentence(error, code, words, capsys, monkeypatch):
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def main():
        raise error

    with pytest.raises(SystemExit) as ended:
        run_app(main)
    assert ended.value.code == code
    assert capsys.readouterr().err.startswith(words)


def test_a_bug_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def main():
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        run_app(main)
