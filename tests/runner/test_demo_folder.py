"""The demo is made once in a folder; afterwards the same folder opens it."""

from pathlib import Path

import pytest

from clew.base.errors import UserError
from clew.runner import demo
from clew.services.apps import get_app
from clew.services.tasks import create_task
from clew.services.workspace import create_workspace


def test_a_demo_that_was_made_before_is_opened_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with create_workspace(tmp_path / "Clew demo", "Coin survey") as ws:
        made = create_task(ws, "Demo", "process", app=get_app(ws, demo.APP))
    monkeypatch.setattr(demo, "launch", lambda *_: pytest.fail("the story was started again"))
    with demo.open_or_start_demo(tmp_path / "Clew demo") as ws:
        found = demo.demo_task(ws)
        assert found is not None
        assert found.id == made.id


def test_a_workspace_of_somebodys_own_is_not_taken_for_the_demo(tmp_path: Path) -> None:
    create_workspace(tmp_path / "mine").close()
    with pytest.raises(UserError, match="is a workspace already"):
        demo.open_or_start_demo(tmp_path / "mine")
