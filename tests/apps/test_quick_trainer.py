import io
import json

import numpy as np
import pytest
from PIL import Image

from clew.apps.quick_trainer.features import LARGEST_ZOOM, Unreadable, grid_shape, load, respond
from clew.apps.quick_trainer.learn import Lesson, fit
from clew.apps.quick_trainer.model import Detector, Settings
from clew.apps.quick_trainer.predict import predict
from clew.apps.quick_trainer.regions import overlaps
from clew.apps.quick_trainer.train import choose_split, classes_of, settings_of, train
from clew.base.errors import DamagedError, UserError
from clew.formats.splits import choose
from clew.model.annotations import Annotation, Item, Thing

QUICK = Settings(picture_size=120, trees=6, pixel_samples=300)


def silent(done, total, text):
    assert 0 <= done <= total and text


def run_train(items, stored, folder, settings=QUICK):
    return train(
        choose_split(items, "auto", "Discs"),
        classes_of(items, []),
        stored.__getitem__,
        settings=settings,
        folder=folder,
        tell=silent,
        version_id=5,
    )


def found_share(items, folder, least=0.3, iou=0.5):
    """(share of true objects found with the right class, share of detections that are right)."""
    document = json.loads((folder / "predictions.json").read_text())
    names = {one["id"]: one["name"] for one in document["categories"]}
    paths = {one["id"]: one["file_name"] for one in document["images"]}
    truth = {item.path: list(item.annotation.things) for item in items}
    right = wrong = 0
    total = sum(len(truth[path]) for path in paths.values())
    for one in sorted(document["annotations"], key=lambda one: -one["score"]):
        if one["score"] < least:
            continue
        left = truth[paths[one["image_id"]]]
        box = np.array([one["bbox"]], np.float32)
        hits = [
            t for t in left
            if t.cls == names[one["category_id"]] and overlaps(box, np.array([t.box], np.float32))[0, 0] > iou
        ]  # fmt: skip
        if hits:
            left.remove(hits[0])
            right += 1
        else:
            wrong += 1
    return right / total, right / max(1, right + wrong)


def test_learns_two_classes_from_a_dozen_pictures(make_discs, tmp_path):
    items, stored = make_discs()
    info = run_train(items, stored, tmp_path)
    recall, precision = found_share(items, tmp_path)
    assert recall > 0.8 and precision > 0.8
    assert info["training_pictures"] == 12 and info["split"] == "test" and info["unreadable"] == []
    assert info["training_objects"] == sum(len(i.annotation.things) for i in items if "train" in i.path)


@pytest.mark.parametrize("mode", ["L", "RGBA", "I;16", "P"])
def test_one_class_in_any_kind_of_picture(make_discs, tmp_path, mode):
    items, stored = make_discs(classes=("white",), mode=mode)
    run_train(items, stored, tmp_path)
    recall, precision = found_share(items, tmp_path)
    assert recall > 0.8 and precision > 0.8


def test_predictions_are_valid_coco(make_discs, tmp_path):
    items, stored = make_discs(number=8, tests=3)
    run_train(items, stored, tmp_path)
    document = json.loads((tmp_path / "predictions.json").read_text())
    assert document["info"]["version_id"] == 5 and document["info"]["split"] == "test"
    assert document["info"]["inference_ms"] > 0
    assert [one["file_name"] for one in document["images"]] == [
        "test/p08.png",
        "test/p09.png",
        "test/p10.png",
    ]
    assert all((one["width"], one["height"]) == (120, 90) for one in document["images"])
    assert [one["name"] for one in document["categories"]] == ["blue", "red"]
    ids = [one["id"] for one in document["annotations"]]
    assert ids and len(set(ids)) == len(ids)
    for one in document["annotations"]:
        x, y, wide, high = one["bbox"]
        assert one["image_id"] in {1, 2, 3} and one["category_id"] in {1, 2}
        assert 0 < one["score"] <= 1 and wide > 0 and high > 0
        assert x >= 0 and y >= 0 and x + wide <= 120.02 and y + high <= 90.02


def test_same_seed_same_model_other_seed_another(make_discs, tmp_path):
    items, stored = make_discs(number=6, tests=2)
    weights = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        (tmp_path / name).mkdir()
        run_train(items, stored, tmp_path / name, Settings(120, 5, 200, seed))
        with np.load(tmp_path / name / "weights.npz") as arrays:
            weights.append({key: arrays[key] for key in arrays if key != "about"})
    assert all(np.array_equal(weights[0][key], weights[1][key]) for key in weights[0])
    assert any(not np.array_equal(weights[0][key], weights[2][key]) for key in weights[0])


def test_a_stored_model_finds_the_same_and_its_command_writes_it(make_discs, tmp_path):
    items, stored = make_discs(number=6, tests=2)
    lessons = [Lesson(item.path, item.annotation.things) for item in choose(items).learn]
    detector, _ = fit(lessons, ("blue", "red"), stored.__getitem__, QUICK, silent)
    detector.save(tmp_path)
    again = Detector.open(tmp_path)
    assert again.settings == QUICK and again.classes == ("blue", "red")
    assert again.detect(stored["test/p06.png"]) == detector.detect(stored["test/p06.png"])
    (tmp_path / "pictures/sub").mkdir(parents=True)
    (tmp_path / "pictures/sub/one.png").write_bytes(stored["test/p06.png"])
    (tmp_path / "pictures/broken.jpg").write_bytes(b"no picture")
    assert predict(tmp_path, tmp_path / "pictures", tmp_path / "out.json") == 1
    document = json.loads((tmp_path / "out.json").read_text())
    assert [one["file_name"] for one in document["images"]] == ["sub/one.png"]
    expected = detector.detect(stored["test/p06.png"])[1]
    assert [one["score"] for one in document["annotations"]] == [thing.score for thing in expected]


def test_damaged_weights_are_refused(make_discs, tmp_path):
    items, stored = make_discs(number=4, tests=2)
    run_train(items, stored, tmp_path)
    with np.load(tmp_path / "weights.npz") as arrays:
        kept = {key: arrays[key] for key in arrays}
    for spoil in (
        lambda k: k.__setitem__("pixels_left", k["pixels_left"] + 10**6 * (k["pixels_left"] >= 0)),
        lambda k: k.__setitem__("regions_feature", k["regions_feature"] + 1000),
        lambda k: k.pop("mending_values"),
    ):
        spoilt = dict(kept)
        spoil(spoilt)
        np.savez(tmp_path / "weights.npz", **spoilt)
        with pytest.raises(DamagedError, match="cannot be loaded"):
            predict(tmp_path, tmp_path, tmp_path / "out.json")
    (tmp_path / "weights.npz").unlink()
    with pytest.raises(DamagedError, match="cannot be loaded"):
        predict(tmp_path, tmp_path, tmp_path / "out.json")


def test_no_boxes_is_one_sentence():
    items = [Item("a.png"), Item("b.png", Annotation(10, 10))]
    with pytest.raises(UserError) as caught:
        choose_split(items, "auto", "Coin finds")
    assert str(caught.value) == "Coin finds has no boxes to learn from; import annotations first."


def test_boxes_only_in_the_split_are_refused(make_discs):
    items, _ = make_discs(number=2, tests=2)
    bare = [Item(i.path, Annotation(120, 90)) if "train" in i.path else i for i in items]
    with pytest.raises(UserError, match="All boxes of Discs are in test"):
        choose_split(bare, "auto", "Discs")


def test_unreadable_pictures_are_named_and_left_out(make_discs, tmp_path):
    items, stored = make_discs(number=6, tests=2)
    stored["train/p02.png"] = b"broken"
    stored["test/p07.png"] = stored["test/p07.png"][:200]
    info = run_train(items, stored, tmp_path)
    assert info["unreadable"] == ["train/p02.png", "test/p07.png"] and info["training_pictures"] == 5


def test_only_unreadable_pictures_are_a_sentence(make_discs, tmp_path):
    items, stored = make_discs(number=3, tests=1)
    with pytest.raises(UserError, match="no picture could be read"):
        run_train(items, dict.fromkeys(stored, b"broken"), tmp_path)


def test_many_classes_and_odd_shapes(make_discs, tmp_path):
    """Thirty classes, polygons, crowds, boxes over the edge, tiny boxes: it trains and answers."""
    rng = np.random.default_rng(0)
    items, stored = [], {}
    for i in range(10):
        size = [(300, 20), (9, 200), (64, 64), (33, 47)][i % 4]
        out = io.BytesIO()
        Image.fromarray(rng.integers(0, 255, (size[1], size[0], 3)).astype(np.uint8)).save(out, "PNG")
        things = [
            Thing(
                f"class {int(k)}",
                (float(rng.uniform(-5, size[0])), float(rng.uniform(-5, size[1])), 14.0, 9.0),
            )
            for k in rng.integers(0, 30, 6)
        ]
        things.append(Thing("class 1", (2, 2, 6, 6), polygon=(2.0, 2.0, 8.0, 2.0, 8.0, 8.0, 2.0, 8.0)))
        things.append(Thing("class 2", (0, 0, 300, 200), crowd=True))
        things.append(Thing("class 3", (1, 1, 0.2, 0.2)))
        items.append(Item(f"p{i}.png", Annotation(*size, tuple(things))))
        stored[f"p{i}.png"] = out.getvalue()
    info = run_train(items, stored, tmp_path)
    assert info["split"] == "held out"
    document = json.loads((tmp_path / "predictions.json").read_text())
    assert len(document["categories"]) == len(classes_of(items, []))


def test_pictures_without_things_teach_that_nothing_is_there(make_discs, tmp_path):
    items, stored = make_discs(number=8, tests=2)
    empty = io.BytesIO()
    Image.new("RGB", (120, 90), (120, 120, 120)).save(empty, "PNG")
    for i in range(3):
        items.append(Item(f"train/empty{i}.png", Annotation(120, 90)))
        stored[f"train/empty{i}.png"] = empty.getvalue()
    assert run_train(items, stored, tmp_path)["training_pictures"] == 11


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"trees": "many"}, "trees must be a whole number"),
        ({"picture_size": 9000}, "picture_size must be from 64 to 2048"),
        ({"seed": -1}, "seed must be from 0"),
    ],
)
def test_bad_parameters_are_a_sentence(params, sentence):
    with pytest.raises(UserError, match=sentence):
        settings_of(params)


def test_parameters_have_defaults_and_may_be_text():
    assert settings_of({}) == Settings()
    assert settings_of({"trees": "30", "picture_size": 512, "seed": None}) == Settings(512, 30)


def test_classes_keep_the_order_of_the_project_and_leave_out_unused_ones(make_discs):
    items, _ = make_discs(number=6, tests=2)
    assert classes_of(items, ["red", "unused", "blue"]) == ("red", "blue")
    assert classes_of(items, ["red"]) == ("red", "blue")


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (20, 10), (4000, 30), (640, 480)])
def test_any_size_comes_to_working_size(size):
    out = io.BytesIO()
    Image.new("RGB", size, (10, 200, 30)).save(out, "PNG")
    view = load(out.getvalue(), 320)
    assert (view.width, view.height) == size
    assert max(view.shape) <= max(320, 16) and min(view.shape) >= 16
    assert view.shape[1] <= max(16, round(size[0] * LARGEST_ZOOM))
    rows, columns = grid_shape(view.shape)
    responses = respond(view)
    assert responses.shape[0] == rows * columns and np.isfinite(responses).all()


def test_no_picture_is_told_apart():
    with pytest.raises(Unreadable):
        load(b"text", 320)
