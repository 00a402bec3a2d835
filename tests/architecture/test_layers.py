"""The layers of the architecture hold, and the contracts that say so do fail when somebody breaks them."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.servers import ROOT

APPS = ("ngos", "committee", "facilities", "secretariats")
THIN_EDGES = ("forms", "tables", "filters", "tasks", "frame", "admin")
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the packages, to plant violations in."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("staff_portal", *APPS):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_all_contracts_are_kept(tree):
    result = lint(tree)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("place", "line", "contract"),
    [
        ("staff_portal/kernel/trail/events.py", "import ngos.enums", "the kernel knows no app"),
        ("ngos/enums.py", "import committee.apps", "who holds the foreign key stands above"),
        ("ngos/rules.py", "import staff_portal.portal.queries", "who holds the foreign key stands above"),
        ("ngos/grading/__init__.py", "import django.db", "calculators are pure"),
        ("ngos/tables/__init__.py", "import ngos.forms", "thin edges do not import one another"),
        ("ngos/models/__init__.py", "import ngos.workflow", "an app's files, lowest first"),
        ("staff_portal/supervisor/run.py", "import ngos.models", "the supervisor starts the site"),
    ],
)
def test_a_planted_violation_is_found(tree, place, line, contract):
    file = tree / place
    before = file.read_text()
    file.write_text(f"{before}\n{line}\n")
    try:
        result = lint(tree)
    finally:
        file.write_text(before)
    assert result.returncode == 1
    broken = result.stdout.partition("Broken contracts")[2]
    assert contract in broken


def test_every_thin_edge_stands_in_the_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    listed = {
        name for contract in contracts if contract["type"] == "independence" for name in contract["modules"]
    }
    present = {
        f"{app}.{edge}"
        for app in APPS
        for edge in THIN_EDGES
        if (ROOT / app / f"{edge}.py").exists() or (ROOT / app / edge / "__init__.py").exists()
    }
    assert listed == present


def test_a_module_in_no_layer_is_found(tree):
    stray = tree / "ngos" / "helpers_of_everything.py"
    stray.write_text('"""A module that nobody gave a place."""\n')
    try:
        result = lint(tree)
    finally:
        stray.unlink()
    assert result.returncode == 1
    assert "helpers_of_everything" in result.stdout
