"""`clew find` and `api.search`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clew.base.errors import UsageError
from clew.sdk.api import Api


def test_find_lists_what_fits(run: Callable, finds: str) -> None:
    done = run("find", "first")
    assert done.code == 0
    assert "version:1" in done.out
    assert "version: Version 1, v1, First finds" in done.out
    answer = run("find", "coin", "--kind", "version", "--json").json
    assert answer["total"] == 1
    (hit,) = answer["hits"]
    assert (hit["block"], hit["field"], hit["marks"]) == ("version:1", "name", [[0, 4]])


def test_find_says_what_is_missing(run: Callable, finds: str) -> None:
    done = run("find", "brooch")
    assert (done.code, done.out.strip()) == (0, "Nothing here has the words: brooch")
    done = run("find", "***")
    assert done.code == 2
    assert "no letter" in done.err
    assert run("find", "coin", "--kind", "cow").code == 2
    listed = run("find", "coin", "--limit", 1)
    assert "more with --limit" in listed.out


def test_a_program_searches(finds: str, place: Path) -> None:
    with Api(place) as api:
        assert [str(hit.ref) for hit in api.search("finds", kinds=["version"])] == ["version:1"]
        assert api.search("nowhere") == []
        with pytest.raises(UsageError, match="kinds are project, version"):
            api.search("finds", kinds=["cow"])
