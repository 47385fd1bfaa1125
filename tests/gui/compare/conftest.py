"""The fixtures of the pages, kept in one file beside the inspector's tests."""

import importlib.util
from pathlib import Path

_PATH = Path(__file__).parents[1] / "inspector" / "page_fixtures.py"
_spec = importlib.util.spec_from_file_location("clew_page_fixtures", _PATH)
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

ops, state, settled, show, unnamed = (
    _module.ops,
    _module.state,
    _module.settled,
    _module.show,
    _module.unnamed,
)
shared_world, own_world = _module.shared_world, _module.own_world
