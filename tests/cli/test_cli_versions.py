"""Projects and versions from the command line."""

import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from clew.cli import call as calling


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_init_makes_one_workspace(run: Callable, tmp_path: Path) -> None:
    done = run("init", tmp_path / "neuer Ort", "--name", "Survey", "--json")
    assert done.code == 0
    assert done.json["name"] == "Survey"
    assert Path(done.json["path"]) == tmp_path / "neuer Ort"
    again = run("init", tmp_path / "neuer Ort")
    assert again.code == 1
    assert "already" in again.err


def test_import_says_what_came(run: Callable, place: Path, coco_file: Callable[..., Path]) -> None:
    assert "No projects yet" in run("projects").out
    done = run("import", coco_file(4), "--project", "Münzen", "--format", "coco", "--json")
    assert done.code == 0, done.err
    assert (done.json["items"], done.json["objects"], done.json["format"]) == (4, 4, "coco")
    assert done.json["skipped"] == []
    (project,) = run("projects", "--json").json
    assert (project["name"], project["versions"], project["latest"]) == ("Münzen", 0, None)
    lines = run("projects").out.splitlines()
    assert lines[0].split()[:3] == ["Id", "Name", "Versions"]
    assert "not saved yet" in lines[1]


def test_import_refuses_broken_files_unless_told(
    run: Callable, place: Path, picture_folder: Callable[..., Path]
) -> None:
    source = picture_folder({"a": 2})
    (source / "a" / "broken.png").write_bytes(b"?")
    done = run("import", source)
    assert done.code == 1
    assert "broken.png" in done.err
    assert run("projects", "--json").json == []
    done = run("import", source, "--skip-broken")
    assert done.code == 0
    assert "Left out a/broken.png" in done.out.replace(str(source) + "/", "")
    assert run("import", source / "missing").code == 1
    unknown = run("import", source, "--format", "tape")
    assert unknown.code == 1
    assert "coco" in unknown.err


def test_create_list_show(run: Callable, finds: str, folder: Path) -> None:
    done = run("version", "create", finds)
    assert (done.code, done.out) == (3, "")
    assert "version 1" in done.err
    (folder / "note.txt").write_text("x", "utf-8")
    saved = run("version", "create", "#1", "--title", "With a note", "--description", "Why", "--json")
    assert (saved.json["number"], saved.json["title"], saved.json["description"]) == (2, "With a note", "Why")
    listed = run("version", "list", finds, "--json").json
    assert [v["number"] for v in listed] == [2, 1]
    assert listed[1]["objects"] == 6
    assert [line.split()[0] for line in run("version", "list", finds).out.splitlines()] == [
        "Version",
        "2",
        "1",
    ]
    shown = run("version", "show", f"{finds}@1", "--json").json
    assert shown["classes"] == {"silver": 3, "copper": 3}
    assert "First finds" in run("version", "show", f"{finds}@1").out
    for words in (
        ["version", "create", f"{finds}@1"],
        ["version", "show", f"{finds}@9"],
        ["version", "list", "Nope"],
    ):
        done = run(*words)
        assert done.code in (1, 2)
        assert done.err.count("\n") == 1
    assert "Coin finds" in run("version", "list", "Nope").err


def test_diff_of_folder_and_versions(run: Callable, finds: str, folder: Path) -> None:
    assert "nothing changed" in run("version", "diff", finds).out
    gone = next(folder.rglob("*.png"))
    gone.unlink()
    changed = run("version", "diff", finds, "--json").json
    assert changed["items_count"] == {"old": 6, "new": 5}
    assert [(i["path"], i["change"]) for i in changed["items"]] == [
        (str(gone.relative_to(folder)), "removed")
    ]
    run("version", "create", finds, "--title", "Without one")
    there = run("version", "diff", f"{finds}@1", f"{finds}@2")
    assert "Items: 6 to 5 (-1)" in there.out
    assert run("version", "diff", f"{finds}@2").out == there.out
    assert "Items: 5 to 6 (+1)" in run("version", "diff", f"{finds}@2", f"{finds}@1").out
    run("import", folder.parent / finds, "--project", "Other", "--format", "files")
    assert run("version", "diff", f"{finds}@1", "Other").code in (1, 2)


def test_restore_shows_the_plan_and_needs_a_yes(run: Callable, finds: str, folder: Path) -> None:
    before = contents(folder)
    next(folder.rglob("*.png")).unlink()
    changed = contents(folder)
    refused = run("version", "restore", f"{finds}@1")
    assert refused.code == 2
    assert "--yes" in refused.err
    assert "first   save the unsaved state" in refused.out
    assert run("version", "restore", f"{finds}@1", "--json").code == 2
    plan = run("version", "restore", f"{finds}@1", "--dry-run", "--json").json["plan"]
    assert plan["write"] >= 1
    assert plan["unsaved"] is not None
    assert contents(folder) == changed
    done = run("version", "restore", f"{finds}@1", "--yes")
    assert done.code == 0, done.err
    assert "is version 2" in done.out
    assert contents(folder) == before
    back = run("version", "restore", f"{finds}@2", "-y", "--json").json
    assert back["safety"] is None
    assert contents(folder) == changed
    assert run("version", "restore", finds, "--yes").code == 2


def test_a_person_at_a_terminal_is_asked(
    run: Callable, finds: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    class Terminals:
        stdin = stderr = Terminal()

    next(folder.rglob("*.png")).unlink()
    changed = contents(folder)
    asked: list[str] = []
    answers = iter([False, True])
    monkeypatch.setattr(calling, "sys", Terminals())
    monkeypatch.setattr(calling.click, "confirm", lambda text, err: asked.append(text) or next(answers))
    assert run("version", "restore", f"{finds}@1").code == 130
    assert contents(folder) == changed
    assert run("version", "restore", f"{finds}@1").code == 0
    assert contents(folder) != changed
    assert asked == ["Restore it?"] * 2


def test_restore_as_a_project(run: Callable, finds: str, place: Path, folder: Path) -> None:
    assert "Would write" in run("version", "restore", f"{finds}@1", "--as-project", "Copy", "--dry-run").out
    done = run("version", "restore", f"{finds}@1", "--as-project", "Copy", "--json")
    assert done.code == 0, done.err
    assert contents(Path(done.json["project"]["folder"])) == contents(folder)
    assert run("version", "restore", f"{finds}@1", "--as-project", "Copy").code == 1
    wrong = run("version", "restore", f"{finds}@1", "--as-project", "X", "--only", "a")
    assert wrong.code == 1
    assert "There is no “a”" in wrong.err
    assert "X" not in run("projects").out, "a project that could not be filled is not left behind"


def test_download_as_folder_and_archive(run: Callable, finds: str, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "heruntergeladen hier"
    done = run("version", "download", f"{finds}@1", "-o", out)
    assert done.code == 0, done.err
    assert contents(out) == contents(folder)
    packed = run("version", "download", f"{finds}@1", "-o", tmp_path / "v.zip", "--json")
    assert packed.json["files"] == len(contents(folder))
    with zipfile.ZipFile(tmp_path / "v.zip") as archive:
        assert archive.testzip() is None
    assert run("version", "download", f"{finds}@1", "-o", out).code == 1


def test_delete_and_undelete(run: Callable, finds: str) -> None:
    assert run("version", "delete", f"{finds}@1").code == 2
    plan = run("version", "delete", f"{finds}@1", "--dry-run", "--json").json["plan"]
    assert plan["version"]["status"] == "saved"
    assert run("version", "delete", finds, "-y").code == 2
    done = run("version", "delete", f"{finds}@1", "-y")
    assert done.code == 0
    assert f'clew version undelete "{finds}@1"' in done.out
    assert "(deleted)" in run("version", "list", finds).out
    assert run("version", "delete", f"{finds}@1", "-y").code == 3
    assert run("version", "restore", f"{finds}@1", "-y").code == 1
    assert run("version", "undelete", f"{finds}@1", "--json").json["status"] == "saved"
    assert run("version", "undelete", f"{finds}@1").code == 3


def test_an_intermediate_state_becomes_a_version(
    run: Callable, finds: str, folder: Path, place: Path
) -> None:
    from clew.sdk.api import Api

    (folder / "note.txt").write_text("between", "utf-8")
    with Api(place) as api:
        state = api.app.workflow.add_input_project(1)["data_id"]
    made = run("version", "promote", f"state:{state}", "--title", "In between", "--json")
    assert (made.json["number"], made.json["title"]) == (2, "In between")
    assert run("version", "promote", f"state:{state}").code == 3
    assert run("version", "promote", "2.1").code == 2
    imported, listed = run("version", "states", finds, "--json").json
    assert (imported["label"], imported["version"]) == ("0.1", 1)
    assert (listed["label"], listed["version"], listed["kept"]) == ("1.1", 2, True)
    assert "version 2" in run("version", "states", finds).out


def test_an_intermediate_state_is_named_as_in_the_graph(
    run: Callable, finds: str, folder: Path, place: Path
) -> None:
    from clew.sdk.api import Api

    assert run("version", "states", finds).out.splitlines()[1].startswith("0.1 ")
    with Api(place) as api:
        for text in ("one", "two"):
            (folder / "note.txt").write_text(text, "utf-8")
            api.app.workflow.add_input_project(1)
    (folder / "note.txt").write_text("three", "utf-8")
    assert run("version", "promote", f"{finds}@1.1", "--json").json["number"] == 2
    wrong = run("version", "promote", f"{finds}@4.2")
    assert wrong.code == 1
    assert "0.1, 1.1, 1.2" in wrong.err
    assert run("version", "download", f"{finds}@2", "-o", place.parent / "out").code == 0
    assert (place.parent / "out" / "note.txt").read_text() == "one"


def test_verify_is_4_when_a_byte_is_wrong(run: Callable, finds: str, place: Path) -> None:
    assert "1 version verified" in run("verify", f"{finds}@1").out
    assert run("verify", "--json").json["damaged"] == []
    for pack in (place / "store" / "packs").rglob("*"):
        if pack.is_file():
            data = bytearray(pack.read_bytes())
            data[len(data) // 3] ^= 0xFF
            pack.chmod(0o644)
            pack.write_bytes(bytes(data))
    done = run("verify", finds, "--json")
    assert done.code == 4
    assert done.out == ""
    assert done.error["exit_code"] == 4
    assert done.error["files"]
    assert "damaged" in run("verify").err


def test_damage_is_named_refused_and_repaired(
    run: Callable, finds: str, folder: Path, place: Path, tmp_path: Path
) -> None:
    shutil.copytree(place, tmp_path / "copy")
    (folder / "note.txt").write_text("second")
    assert run("version", "create", finds).code == 0
    picture = next(folder.rglob("003.png"))
    body, name = picture.read_bytes(), picture.relative_to(folder).as_posix()
    pack = next(p for p in (place / "store" / "packs").iterdir() if body in p.read_bytes())
    pack.write_bytes(pack.read_bytes().replace(body, body[:-1] + b"?"))
    done = run("verify")
    assert done.code == 4
    assert f"{name} ({finds}@1, {finds}@2)" in done.err
    assert run("verify", f"{finds}@1", "--json").error["files"] == [f"{name} ({finds}@1)"]
    picture.unlink()
    left = contents(folder)
    refused = run("version", "restore", f"{finds}@1", "-y")
    assert refused.code == 4
    assert name in refused.err
    assert contents(folder) == left
    assert run("verify", finds, "--repair").code == 2
    failed = run("verify", "--repair")
    assert failed.code == 4
    assert name in failed.err
    assert "--from" in failed.err
    mended = run("verify", "--repair", "--from", tmp_path / "copy")
    assert mended.code == 0, mended.err
    assert f"Whole again: {name} ({finds}@1, {finds}@2)" in mended.out
    assert run("verify").code == 0
    assert run("verify", "--repair", "--json").json == {"mended": [], "damaged": []}
    assert run("version", "restore", f"{finds}@1", "-y").code == 0
    assert picture.read_bytes() == body


def test_gc_shows_its_plan_and_ends_undelete(run: Callable, finds: str, folder: Path, place: Path) -> None:
    (folder / "big.bin").write_bytes(os.urandom(400_000))
    assert run("version", "create", finds).code == 0
    (folder / "big.bin").unlink()
    assert run("gc", "-y").code == 3
    assert run("version", "delete", f"{finds}@2", "-y").code == 0
    young = run("gc", "-y")
    assert young.code == 3
    assert "once older than an hour" in young.err
    for pack in (place / "store" / "packs").iterdir():
        os.utime(pack, (1_600_000_000, 1_600_000_000))
    plan = run("gc", "--dry-run")
    assert plan.code == 0
    assert f"{finds}, version 2: deleted, cannot be brought back after" in plan.out
    assert run("gc", "--dry-run", "--json").json["plan"]["versions"][0]["number"] == 2
    assert run("gc").code == 2, "there is nobody to ask"
    assert run("version", "undelete", f"{finds}@2").code == 0
    assert run("version", "delete", f"{finds}@2", "-y").code == 0
    done = run("gc", "-y", "--json").json
    assert done["reclaimed"] > 399_000
    refused = run("version", "undelete", f"{finds}@2")
    assert refused.code == 1
    assert "its space was reclaimed" in refused.err
    assert run("verify").code == 0
    assert run("gc", "-y").code == 3


def test_doctor_rebuilds_a_workspace_from_its_store(
    run: Callable, finds: str, folder: Path, place: Path
) -> None:
    (folder / "note.txt").write_text("second")
    assert run("version", "create", finds, "--title", "Second finds").code == 0
    before = [(v["number"], v["title"], v["tree"]) for v in run("version", "list", finds, "--json").json]
    for ending in ("", "-wal", "-shm"):
        (place / f"workspace.db{ending}").unlink(missing_ok=True)
    gone = run("projects")
    assert gone.code == 1
    assert "clew doctor --rebuild" in gone.err
    assert run("doctor", "--rebuild").code == 2, "there is nobody to ask"
    done = run("doctor", "--rebuild", "-y")
    assert done.code == 0, done.err
    assert "1 project, 2 versions" in done.out
    after = [(v["number"], v["title"], v["tree"]) for v in run("version", "list", finds, "--json").json]
    assert after == before
    (place / "workspace.db").write_bytes(b"SQLite format 3\0" + bytes(9000))
    assert "clew doctor --rebuild" in run("projects").err
    again = run("doctor", "--rebuild", "-y", "--json").json
    assert Path(again["kept"]).is_file()
    assert run("version", "restore", f"{finds}@1", "-y").code == 0
    assert run("doctor").code == 0


def test_a_part_is_restored_and_downloaded(run: Callable, finds: str, folder: Path, tmp_path: Path) -> None:
    everything = contents(folder)
    for path in folder.rglob("*.png"):
        path.unlink()
    plan = run("version", "restore", f"{finds}@1", "--only-class", "copper", "--dry-run", "--json").json[
        "plan"
    ]
    assert (plan["write"], plan["delete"]) == (3, 0)
    assert run("version", "restore", f"{finds}@1", "--only-class", "copper", "-y").code == 0
    assert len(list(folder.rglob("*.png"))) == 3
    one = next(name for name in everything if name.endswith("000.png"))
    assert run("version", "restore", f"{finds}@1", "--only", one, "-y").code == 0
    assert (folder / one).read_bytes() == everything[one]
    wrong = run("version", "restore", f"{finds}@1", "--only-class", "gold", "-y")
    assert wrong.code == 1
    assert "Classes in it: copper, silver" in wrong.err
    packed = run("version", "download", f"{finds}@1", "-o", tmp_path / "v.tar.zst", "--only-class", "copper")
    assert packed.code == 0, packed.err
    assert "6 files" in packed.out
    assert (tmp_path / "v.tar.zst").read_bytes()[:4] == b"\x28\xb5\x2f\xfd"
    apart = run(
        "version", "restore", f"{finds}@1", "--as-project", "Copper", "--only-class", "copper", "--json"
    )
    made = Path(apart.json["project"]["folder"])
    assert len(list(made.rglob("*.png"))) == 3
    assert len(list(made.rglob("*.png.json"))) == 3
