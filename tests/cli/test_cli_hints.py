"""`clew hints`: list, dismiss, restore, mend."""

from collections.abc import Callable

ID = "no-description/version:1"


def test_hints_are_listed_dismissed_and_mended(run: Callable, finds: str) -> None:
    assert finds
    (listed,) = run("hints", "--json").json
    assert (listed["id"], listed["action"], listed["blocks"]) == (ID, "describe", ["version:1"])
    assert "Version 1 of Coin finds has no description." in run("hints").out
    assert run("hints", "dismiss", ID).out.strip() == "Dismissed the hint"
    assert run("hints").out.strip() == "No hints: the way back is clear."
    assert run("hints", "--dismissed", "--json").json[0]["dismissed"] is True
    assert run("hints", "restore", ID, "--json").json == {"id": ID, "dismissed": False}
    assert run("hints", "mend", ID).code == 1
    assert run("hints", "mend", ID, "--text", "All of them").out.strip() == "Saved the description"
    assert run("hints", "--json").json == []


def test_an_unknown_hint_is_one_sentence(run: Callable, finds: str) -> None:
    assert finds
    done = run("hints", "dismiss", "nonsense")
    assert done.code == 1
    assert done.err.strip() == "There is no hint “nonsense”. See them with: clew hints"
