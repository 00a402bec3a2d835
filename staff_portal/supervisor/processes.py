"""Children of the supervisor: started in a session of their own, dying with it, stopped by their main process."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from staff_portal.supervisor.data_directory import Account

LOG_LIMIT_BYTES = 10 * 1024 * 1024
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(death_signal: int, parent: int) -> Callable[[], None]:
    """What a child runs before its program: ask the kernel for a signal when the parent ends."""

    def ask() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it ended before we could ask
            os._exit(1)

    return ask


@dataclass
class Child:
    """One running child. ``stop_signal`` goes to its main process only, so that work under way can finish."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None
    stop_signal: int = signal.SIGTERM

    @property
    def pid(self) -> int:
        return self.process.pid

    def has_ended(self) -> bool:
        """Whether the main process is over; it is not reaped, so its number cannot be reused yet."""
        if self.process.returncode is not None:
            return True
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None

    def ask_to_stop(self) -> None:
        if not self.has_ended():
            os.kill(self.pid, self.stop_signal)

    def wait(self, seconds: float) -> bool:
        """Whether the main process ended within ``seconds``."""
        deadline = time.monotonic() + seconds
        while not self.has_ended():
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)
        return True

    def finish(self) -> int:
        """Kill what is left of the child's process group, reap it, give its exit code."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        return self.process.wait()

    def stop(self, seconds: float) -> bool:
        """Ask, wait, and make sure; whether the child ended by itself in time."""
        self.ask_to_stop()
        in_time = self.wait(seconds)
        self.finish()
        return in_time


def spawn(
    name: str,
    command: Sequence[str | os.PathLike[str]],
    *,
    environ: Mapping[str, str],
    folder: Path,
    log: Path | None = None,
    account: Account | None = None,
    stop_signal: int = signal.SIGTERM,
    death_signal: int = signal.SIGKILL,
) -> Child:
    """Start ``command``. Its output goes to ``log``; without one it shares our terminal."""
    identity: dict[str, Any] = {}
    if account is not None:
        identity = {"user": account.uid, "group": account.gid, "extra_groups": []}
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(_open_log(log)) if log else None
        process = subprocess.Popen(
            [os.fspath(part) for part in command],
            env=dict(environ),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            preexec_fn=die_with_parent(death_signal, os.getpid()),
            **identity,
        )
    return Child(name, process, log, stop_signal)


def _open_log(path: Path) -> IO[bytes]:
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LOG_LIMIT_BYTES:
            path.replace(path.with_name(path.name + ".1"))
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))


def last_line(log: Path | None) -> str:
    """The last line a child wrote, to explain why it ended."""
    if log is None or not log.exists():
        return ""
    with open(log, "rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        lines = file.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def free_port() -> int:
    """A TCP port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def processes_at_home(folder: Path, program: str) -> list[int]:
    """Processes of ``program`` whose working directory is ``folder``.

    PostgreSQL and Valkey both work inside their data folder, so this finds ours and never a stranger that
    merely got the number written in an old pid file.
    """
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            if os.path.samefile(entry / "cwd", folder) and (entry / "comm").read_text().strip() == program:
                found.append(int(entry.name))
    return found


def clear_home(folder: Path, program: str, *, patience: float = 5.0) -> None:
    """Wait until no ``program`` of an earlier start works in ``folder``; end those that would stay."""
    if not folder.exists():
        return
    deadline = time.monotonic() + patience
    while leftovers := processes_at_home(folder, program):
        if time.monotonic() >= deadline:
            for pid in leftovers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
