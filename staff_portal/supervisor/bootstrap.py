"""Makes the virtual environment; run as a file by the system's Python, before anything is installed.

``python3 staff_portal/supervisor/bootstrap.py [--dev]``. A stamp with the hash of the requirements makes the next
call a matter of milliseconds. While packages are being installed a marker stands in the folder: an environment
that was interrupted half-way is thrown away and made anew.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
MARKER = VENV / ".half-made"
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"


def wanted(dev: bool) -> str:
    """What a stamp must hold: the pins and the Python they were installed for."""
    digest = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for name in (RUNTIME, DEVELOPMENT) if dev else (RUNTIME,):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def is_done(dev: bool) -> bool:
    """Whether the environment has all that is asked for."""
    stamp = VENV / (".stamp-dev" if dev else ".stamp-run")
    return not MARKER.exists() and stamp.exists() and stamp.read_text() == wanted(dev)


def works() -> bool:
    """Whether the environment's own Python and pip start, in the version we run in."""
    python = VENV / "bin" / "python"
    if MARKER.exists() or not python.exists():
        return False
    probe = "import sys, pip; print(*sys.version_info[:2], sep='.')"
    try:
        answer = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.strip() == "{}.{}".format(*sys.version_info[:2])


def install(dev: bool) -> None:
    """Make the environment if need be and install the pinned packages."""
    if not works():
        if VENV.exists():
            shutil.rmtree(VENV)
        say("making the virtual environment …")
        VENV.mkdir()
        MARKER.touch()
        made = subprocess.run(
            [sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False
        )
        if made.returncode != 0:
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit(
                "the virtual environment could not be made; on Debian and Ubuntu: apt install python3-venv"
            )
    MARKER.touch()
    say("installing packages" + (" for tests and checks" if dev else "") + " …")
    names = DEVELOPMENT if dev else RUNTIME
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    if subprocess.run([*pip, "-r", str(ROOT / names)], check=False).returncode != 0:
        MARKER.unlink(missing_ok=True)
        sys.exit(f"packages of {names} could not be installed: see pip's lines above")
    (VENV / ".stamp-run").write_text(wanted(dev=False))
    if dev:
        (VENV / ".stamp-dev").write_text(wanted(dev=True))
    MARKER.unlink()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - runs before anything has looked
        sys.exit("Python 3.11 or newer is needed; this is {}.{}".format(*sys.version_info[:2]))
    for_dev = "--dev" in sys.argv[1:]
    if not is_done(for_dev):
        install(for_dev)
