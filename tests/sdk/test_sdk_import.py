"""`from clew import Api` costs next to nothing."""

import importlib.metadata
import subprocess
import sys

from clew.base.about import VERSION

HEAVY = (
    "numpy",
    "PIL",
    "sqlalchemy",
    "networkx",
    "alembic",
    "PySide6",
    "shiboken6",
    "hotcoco",
    "clew.services",
)


def test_the_import_loads_nothing_heavy() -> None:
    code = (
        "import sys; from clew import Api, WorkflowMeta, WorkflowSettings; "
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from clew import Nothing"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "ImportError" in done.stderr


def test_the_version_is_that_of_the_package() -> None:
    assert importlib.metadata.version("clew") == VERSION
