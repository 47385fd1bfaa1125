"""Kill -9 at random moments. CLEW_KILLS=300 makes the long run of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("kill_moments.py")
KILLS = int(os.environ.get("CLEW_KILLS", "24"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks")
def test_a_kill_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    seed = os.environ.get("CLEW_KILLS_SEED", "7")
    done = subprocess.run(
        [sys.executable, DRIVER, tmp_path, str(KILLS), seed],
        capture_output=True,
        text=True,
        timeout=120 + 5 * KILLS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    counts = json.loads(done.stdout)
    assert sum(count.get("killed", 0) for count in counts.values()) == KILLS
    assert all(count.get("killed", 0) >= KILLS // 12 for count in counts.values()), counts


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks")
def test_a_kill_at_every_statement_of_a_migration_loses_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, DRIVER.with_name("kill_migration.py"), tmp_path],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) >= 30  # so many statements there were
