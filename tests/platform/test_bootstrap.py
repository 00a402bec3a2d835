"""The virtual environment is made once, and made again when it was interrupted or the pins changed."""

import shutil
import subprocess
import sys

import pytest

from tests.support.servers import ROOT

PLACE = "staff_portal/supervisor/bootstrap.py"


@pytest.fixture
def project(tmp_path):
    """A project that needs no packages."""
    (tmp_path / PLACE).parent.mkdir(parents=True)
    shutil.copy(ROOT / PLACE, tmp_path / PLACE)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("# nothing\n")
    return tmp_path


def bootstrap(project):
    done = subprocess.run(
        [sys.executable, project / PLACE], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_made_once_and_again_when_half_made(project):
    assert "making the virtual environment" in bootstrap(project)
    assert bootstrap(project) == ""

    (project / "requirements.txt").write_text("# still nothing\n")
    again = bootstrap(project)
    assert "installing" in again and "making" not in again

    leftover = project / ".venv" / "leftover"
    leftover.touch()
    (project / ".venv" / ".half-made").touch()
    assert "making the virtual environment" in bootstrap(project)
    assert not leftover.exists()


def test_an_old_python_is_refused_in_one_line(project):
    script = (project / PLACE).read_text().replace("sys.version_info < (3, 11)", "sys.version_info < (9, 0)")
    (project / PLACE).write_text(script)
    done = subprocess.run([sys.executable, project / PLACE], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 or newer is needed") and done.stderr.count("\n") == 1
